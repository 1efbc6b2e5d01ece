import { inject } from "vitest"
import type { ProvidedMedusa } from "./setup-medusa.ts"

/** The Medusa of this worker: files that run at the same time have each another one, with a database of its own. */
export function theMedusa(): ProvidedMedusa {
  const worker = Number(process.env.VITEST_POOL_ID)
  const medusa = inject("medusas")[worker - 1]
  if (!medusa) throw new Error(`there is no Medusa for the worker ${worker}`)
  return medusa
}
