import postgres from "postgres"

/** Name of the unique index or foreign key that stands against what was to be written; undefined for other errors. */
export function violated(error: unknown): string | undefined {
  const isViolation = error instanceof postgres.PostgresError && (error.code === "23505" || error.code === "23503")
  return isViolation ? error.constraint_name : undefined
}
