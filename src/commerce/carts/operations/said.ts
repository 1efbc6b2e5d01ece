import type { Known } from "./past.ts"
import { isNewer } from "./rules.ts"

/** What operations have said of codes, and of the cart's fields; looked up by name. */
export class Said {
  /** Codes that once had nothing to do. */
  readonly waiting = new Set<string>()
  private readonly codes = new Map<string, Known>()
  private readonly fields = new Map<string, Known>()

  constructor(known: readonly Known[]) {
    for (const it of known) this.add(it)
  }

  add(it: Known): void {
    const { operation, effects, result } = it
    for (const effect of effects) if (effect.is === "waits") this.waiting.add(effect.code)
    if (result.outcome === "rejected") return
    if (operation.code !== undefined) keepNewer(this.codes, operation.code, it)
    for (const field of operation.fields ?? []) keepNewer(this.fields, field, it)
  }

  /** Of those that speak of a code, the one that counts. */
  ofCode(code: string): Known | undefined {
    return this.codes.get(code)
  }

  /** Likewise, of a field: `email`, `metadata.gift`. */
  ofField(field: string): Known | undefined {
    return this.fields.get(field)
  }
}

function keepNewer(known: Map<string, Known>, name: string, it: Known): void {
  const before = known.get(name)
  if (!before || isNewer(it, before)) known.set(name, it)
}
