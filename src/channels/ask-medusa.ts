import { MedusaUnavailable } from "./errors.ts"

const MEDUSA_MILLISECONDS = 5_000

/**
 * Asks Medusa about who sends these headers: sessions are known to it alone.
 *
 * @returns the status and text of its answer, whatever it says
 * @throws MedusaUnavailable when it is not there, takes too long or fails
 */
export async function askMedusa(
  medusaUrl: string,
  path: string,
  given: Record<string, string | undefined>,
): Promise<{ status: number; text: string }> {
  const headers = Object.entries(given).filter((it): it is [string, string] => it[1] !== undefined)
  try {
    const response = await fetch(medusaUrl + path, { headers, signal: AbortSignal.timeout(MEDUSA_MILLISECONDS) })
    const text = await response.text()
    if (response.status < 500) return { status: response.status, text }
  } catch {
    // It is not there: below.
  }
  throw new MedusaUnavailable("Medusa, which knows this session, is not up. Try again in a moment.")
}
