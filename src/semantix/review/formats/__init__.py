"""Files in which mappings travel: read into an :class:`Exchange`, written with a report of what they cannot carry."""
