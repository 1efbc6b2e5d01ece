/**
 * The rules by which operations of several devices come to the same cart, whichever comes first. They follow from which
 * operation had seen which: what was in the version that it is based on, and what its own device had done before.
 */

/** What is known of where an operation comes from. */
export interface Origin {
  device: string
  base_version: number
  /** The order in which they have come; of a device's own, that in which it did them. */
  position: number
}

/** What an operation did to a line. */
export type Effect =
  | { is: "added"; line_id: string; slot: string; value: number; made: boolean }
  | { is: "set"; line_id: string; value: number }
  | { is: "removed"; line_id: string }
  /** What the device itself had put into a line by then comes to `value`, and is of that operation. */
  | { is: "own"; slot: string; operation_id: string; value: number; gone: boolean }
  /** How many the line was to have, beyond what there was, and how many it got. */
  | { is: "got"; line_id: string; wanted: number; quantity: number }
  /** A code that does nothing now, and may later. */
  | { is: "waits"; code: string }

/** An operation that was applied. */
export interface Applied extends Origin {
  id: string
  version: number
  effects: readonly Effect[]
}

/** What was done online to a line. */
export interface Online {
  version: number
  line_id: string
  is: "added" | "set"
  value: number
}

/** A line that was put onto another when carts were merged; see `cart_line_alias`. */
export interface LineAlias {
  id: string
  line_id: string
  version: number
  besides: number
}

/** What a device has put into lines of one kind, as it stands by now. */
export interface OwnAddition extends Origin {
  operation_id: string
  version: number
  line_id: string
  slot: string
  value: number
  made: boolean
  gone: boolean
}

/**
 * Which of two that had not seen each other counts: the one that is based on the newer version; of the same, that of the
 * device whose name sorts later. Nothing hangs on who comes first.
 */
export function isNewer(a: Origin, b: Origin): boolean {
  if (a.base_version !== b.base_version) return a.base_version > b.base_version
  return a.device === b.device ? a.position > b.position : a.device > b.device
}

const hasSeen = (who: Origin, what: { version: number; device?: string; position?: number }) =>
  what.version <= who.base_version ||
  (what.device === who.device && what.position !== undefined && what.position < who.position)

type OnLine = { version: number; line_id: string; value: number; device?: string; position?: number }

/** What has happened to the lines of a cart. */
export class LineHistory {
  constructor(
    private readonly applied: readonly Applied[],
    private readonly online: readonly Online[],
    private readonly aliases: readonly LineAlias[],
  ) {}

  /** The id that a line has by now. */
  nowOf(lineId: string): string {
    const alias = this.aliases.find((it) => it.id === lineId)
    return alias ? this.nowOf(alias.line_id) : lineId
  }

  private known: { of: number; additions: OwnAddition[] } | undefined

  /** What devices have added, each with what its own device has made of it since. */
  additions(): readonly OwnAddition[] {
    if (this.known?.of === this.applied.length) return this.known.additions
    const made: OwnAddition[] = []
    for (const { id: operation_id, device, base_version, position, version, effects } of this.applied) {
      for (const it of effects) {
        if (it.is === "added") {
          const { line_id, slot, value, made: isMaker } = it
          const origin = { operation_id, device, base_version, position, version }
          made.push({ ...origin, line_id, slot, value, made: isMaker, gone: false })
        } else if (it.is === "own") {
          for (const own of made) {
            if (own.device !== device || own.slot !== it.slot || own.gone) continue
            own.value = own.operation_id === it.operation_id ? it.value : 0
            own.gone = it.gone
          }
        }
      }
    }
    this.known = { of: this.applied.length, additions: made }
    return made
  }

  /** Whether others have done something to the line that was not seen. */
  isChanged(lineId: string, by: Origin): boolean {
    const { changes, besides } = this.since(lineId, by.base_version)
    return besides !== 0 || changes.some((it) => it.device !== by.device)
  }

  /** Whether the line was removed by somebody: who had not seen that says nothing about it any more. */
  isRemoved(lineId: string, by: Origin): boolean {
    return this.since(lineId, by.base_version).removals.length > 0
  }

  /** Whether the line has a quantity that counts more than what is said by who had not seen it. */
  isOvertaken(lineId: string, by: Origin): boolean {
    const { sets, online } = this.since(lineId, by.base_version)
    return online.some((it) => it.is === "set") || sets.some((it) => isNewer(it, by))
  }

  /** How many of the line were added that were not seen by who says how many there are of it, or that there is none. */
  unseen(lineId: string, by: Origin): number {
    const { additions, removals, besides } = this.since(lineId, by.base_version)
    const left = additions.filter((it) => !hasSeen(by, it) && !removals.some((removal) => hasSeen(removal, it)))
    return left.reduce((sum, it) => sum + it.value, besides)
  }

  /** Whether what was added is no longer a part of the line's quantity: somebody has seen it, and said another. */
  isAbsorbed(addition: OwnAddition): boolean {
    const { sets, online, removals } = this.since(addition.line_id, -1)
    if (removals.some((it) => hasSeen(it, addition))) return true
    // What a removal has done away with says nothing any more.
    const counts = (version: number) => !removals.some((it) => it.version > version)
    if (online.some((it) => it.is === "set" && it.version > addition.version && counts(it.version))) return true
    const [winner] = sets.filter((it) => counts(it.base_version)).sort((a, b) => (isNewer(a, b) ? -1 : 1))
    return winner !== undefined && hasSeen(winner, addition)
  }

  /** How many the line was to have, when it got fewer and has them still. */
  wanted(lineId: string, quantity: number): number {
    const got = this.applied.flatMap((it) => it.effects.filter((effect) => effect.is === "got"))
    const last = got.filter((it) => it.line_id === lineId).at(-1)
    return last?.quantity === quantity ? last.wanted : quantity
  }

  /** What has happened to a line since a version, under all its names. */
  private since(lineId: string, version: number) {
    const found = {
      ...{ additions: [] as OnLine[], online: [] as Online[], besides: 0 },
      ...{
        sets: [] as (Applied & OnLine)[],
        removals: [] as Applied[],
        changes: [] as { version: number; device?: string }[],
      },
    }
    let from = version
    for (let id: string | undefined = lineId; id !== undefined; ) {
      const name: string = id
      for (const it of this.additions()) if (it.line_id === name && it.version > from) found.additions.push(it)
      for (const it of this.online) {
        if (it.line_id !== name || it.version <= from) continue
        found.online.push(it)
        if (it.is === "added") found.additions.push(it)
      }
      for (const it of this.applied) {
        if (it.version <= from) continue
        for (const effect of it.effects) {
          if (!("line_id" in effect) || effect.line_id !== name) continue
          if (effect.is === "set") found.sets.push({ ...it, line_id: name, value: effect.value })
          if (effect.is === "removed") found.removals.push(it)
          found.changes.push(it)
        }
      }
      const alias = this.aliases.find((it) => it.id === name)
      if (alias && alias.version > version) found.besides += alias.besides
      if (alias) from = Math.max(from, alias.version)
      id = alias?.line_id
    }
    found.changes.push(...found.online)
    return found
  }
}
