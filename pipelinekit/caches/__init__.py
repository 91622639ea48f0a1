"""Content-addressed blobs, and the keys and scopes under which they are found."""
