"""`python -m pipelinekit`."""

import sys

from pipelinekit.main import main

sys.exit(main())
