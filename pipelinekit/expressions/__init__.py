"""The language between ${{ and }}."""
