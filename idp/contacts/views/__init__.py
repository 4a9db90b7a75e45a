"""Pages of this feature, by what a person wants to do."""
