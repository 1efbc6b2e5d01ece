import { type Applied, hasSeen, isNewer, type LineAlias, type Online, type Origin, type OwnAddition } from "./rules.ts"

type OnLine = { version: number; value: number; device?: string; position?: number }
type Quantity = Applied & { value: number }

/** What has happened to a line under one of its names, each in the order of the versions. */
class Named {
  readonly additions: OwnAddition[] = []
  readonly online: Online[] = []
  readonly sets: Quantity[] = []
  readonly removals: Applied[] = []
  readonly changes: Applied[] = []
  /** How many it was to have, beyond what there was, and how many it got. */
  got: { wanted: number; quantity: number } | undefined
}

/** What has happened to the lines of a cart; looked up by line, so that it does not matter how much it is. */
export class LineHistory {
  private readonly lines = new Map<string, Named>()
  private readonly aliases: ReadonlyMap<string, LineAlias>
  /** By the operation. */
  private readonly additions = new Map<string, OwnAddition>()
  /** By the device and the kind of line; without what is gone. */
  private readonly owned = new Map<string, OwnAddition[]>()

  constructor(applied: readonly Applied[], online: readonly Online[], aliases: readonly LineAlias[]) {
    this.aliases = new Map(aliases.map((it) => [it.id, it]))
    for (const it of online) this.named(it.line_id).online.push(it)
    for (const it of applied) this.add(it)
  }

  /** @param operation  was applied after all others */
  add(operation: Applied): void {
    const { id: operation_id, device, base_version, position, version } = operation
    for (const it of operation.effects) {
      if (it.is === "waits") continue
      if (it.is === "own") {
        this.changeOwned(device, it)
        continue
      }
      const line = this.named(it.line_id)
      line.changes.push(operation)
      if (it.is === "set") line.sets.push({ ...operation, value: it.value })
      if (it.is === "removed") line.removals.push(operation)
      if (it.is === "got") line.got = it
      if (it.is !== "added") continue
      const { line_id, slot, value, made } = it
      const origin = { operation_id, device, base_version, position, version }
      const addition = { ...origin, line_id, slot, value, made, gone: false }
      line.additions.push(addition)
      this.additions.set(operation_id, addition)
      const key = keyOf(device, slot)
      const theirs = this.owned.get(key)
      if (theirs) theirs.push(addition)
      else this.owned.set(key, [addition])
    }
  }

  /** The id that a line has by now. */
  nowOf(lineId: string): string {
    const alias = this.aliases.get(lineId)
    return alias ? this.nowOf(alias.line_id) : lineId
  }

  /** What an operation has added, with what its own device has made of it since. */
  addition(operationId: string): OwnAddition | undefined {
    return this.additions.get(operationId)
  }

  /** What a device has put into lines of one kind, as far as it has not taken it back. */
  additionsOf(device: string, slot: string): readonly OwnAddition[] {
    return this.owned.get(keyOf(device, slot)) ?? []
  }

  /** Whether others have done something to the line that was not seen. */
  isChanged(lineId: string, by: Origin): boolean {
    const { changes, online, besides } = this.since(lineId, by.base_version)
    return besides !== 0 || online.length > 0 || changes.some((it) => it.device !== by.device)
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
    const { additions, online, removals, besides } = this.since(lineId, by.base_version)
    const isSeen = seenBySome([by, ...removals])
    const added: OnLine[] = [...additions, ...online.filter((it) => it.is === "added")]
    return added.reduce((sum, it) => sum + (isSeen(it) ? 0 : it.value), besides)
  }

  /** Whether what was added is no longer a part of the line's quantity: somebody has seen it, and said another. */
  isAbsorbed(addition: OwnAddition): boolean {
    // Who spoke of the line before has not seen it.
    const { sets, online, removals } = this.since(addition.line_id, addition.version)
    if (removals.some((it) => hasSeen(it, addition))) return true
    // What a removal has done away with says nothing any more.
    const gone = removals.reduce((newest, it) => Math.max(newest, it.version), -1)
    if (online.some((it) => it.is === "set" && it.version >= gone)) return true
    const counting = sets.filter((it) => it.base_version >= gone)
    const winner = counting.reduce<Quantity | undefined>((a, b) => (a && isNewer(a, b) ? a : b), undefined)
    return winner !== undefined && hasSeen(winner, addition)
  }

  /** How many the line was to have, when it got fewer and has them still. */
  wanted(lineId: string, quantity: number): number {
    const got = this.lines.get(lineId)?.got
    return got?.quantity === quantity ? got.wanted : quantity
  }

  private named(lineId: string): Named {
    const known = this.lines.get(lineId)
    if (known) return known
    const none = new Named()
    this.lines.set(lineId, none)
    return none
  }

  private changeOwned(device: string, own: { slot: string; operation_id: string; value: number; gone: boolean }): void {
    const key = keyOf(device, own.slot)
    const theirs = this.owned.get(key) ?? []
    for (const it of theirs) {
      it.value = it.operation_id === own.operation_id ? own.value : 0
      it.gone = own.gone
    }
    if (own.gone) this.owned.delete(key)
  }

  /** What has happened to a line since a version, under all its names. */
  private since(lineId: string, version: number) {
    const found = { ...new Named(), besides: 0 }
    let from = version
    for (let id: string | undefined = lineId; id !== undefined; ) {
      const line = this.lines.get(id)
      if (line) {
        found.additions.push(...after(line.additions, from))
        found.online.push(...after(line.online, from))
        found.sets.push(...after(line.sets, from))
        found.removals.push(...after(line.removals, from))
        found.changes.push(...after(line.changes, from))
      }
      const alias = this.aliases.get(id)
      if (alias && alias.version > version) found.besides += alias.besides
      if (alias) from = Math.max(from, alias.version)
      id = alias?.line_id
    }
    return found
  }
}

const keyOf = (device: string, slot: string) => JSON.stringify([device, slot])

/** @returns the end of a list that is in the order of its versions */
function after<T extends { version: number }>(list: readonly T[], version: number): readonly T[] {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((list[middle]?.version ?? 0) > version) to = middle
    else from = middle + 1
  }
  return from === 0 ? list : list.slice(from)
}

/** @returns whether something was seen by at least one of them */
function seenBySome(them: readonly Origin[]): (what: OnLine) => boolean {
  const newest = them.reduce((most, it) => Math.max(most, it.base_version), -1)
  const last = new Map<string, number>()
  for (const { device, position } of them) last.set(device, Math.max(position, last.get(device) ?? position))
  return ({ version, device, position }) =>
    version <= newest || (device !== undefined && position !== undefined && position < (last.get(device) ?? position))
}
