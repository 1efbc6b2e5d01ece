import type { Lineage } from "./lineage.ts"
import type { Known } from "./past.ts"
import { isNewer, type Origin } from "./rules.ts"

/** What operations have said of codes, and of the cart's fields; looked up by name. */
export class Said {
  /** Codes that once had nothing to do. */
  readonly waiting = new Set<string>()
  /** What counts more stands first. */
  private readonly codes = new Map<string, Known[]>()
  private readonly fields = new Map<string, Known[]>()

  constructor(
    private readonly lineage: Lineage,
    known: readonly Known[],
  ) {
    for (const it of known) this.add(it)
  }

  add(it: Known): void {
    const { operation, effects, result } = it
    for (const effect of effects) if (effect.is === "waits") this.waiting.add(effect.code)
    if (result.outcome === "rejected") return
    if (operation.code !== undefined) keep(this.codes, operation.code, it)
    for (const field of operation.fields ?? []) keep(this.fields, field, it)
  }

  /** Of those that speak of a code, the one that counts. */
  ofCode(code: string): Known | undefined {
    return this.codes.get(code)?.[0]
  }

  /** Whether something was said of a code that counts more than what somebody says of it. */
  isCodeOvertaken(code: string, by: Origin): boolean {
    return this.isOvertaken(this.codes.get(code), by)
  }

  /** Likewise, of a field: `email`, `metadata.gift`. */
  isFieldOvertaken(field: string, by: Origin): boolean {
    return this.isOvertaken(this.fields.get(field), by)
  }

  private isOvertaken(known: readonly Known[] | undefined, by: Origin): boolean {
    const last = known?.find((it) => !this.lineage.isBeside(it, by))
    return last !== undefined && isNewer(last, by)
  }
}

function keep(known: Map<string, Known[]>, name: string, it: Known): void {
  const list = known.get(name) ?? []
  known.set(name, list)
  const place = list.findIndex((other) => isNewer(it, other))
  list.splice(place < 0 ? list.length : place, 0, it)
}
