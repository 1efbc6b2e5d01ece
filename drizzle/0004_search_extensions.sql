-- Finds known words that look like a misspelt one. A trusted extension: the owner of a managed database may make it.
CREATE EXTENSION IF NOT EXISTS "pg_trgm";
