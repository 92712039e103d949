"""The hub for programs: the same gate as the pages, described by OpenAPI."""
