/**
 * Something outside of the program keeps the shop from opening: a port in use, a folder that cannot be written.
 * The message is for a person, and says what to do; no stack trace is shown.
 */
export class BootProblem extends Error {}

/** The text of whatever was thrown, in one line. */
export function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}
