import type { Lineage } from "./lineage.ts"
import { type Applied, isNewer, type LineAlias, type Online, type Origin, type OwnAddition } from "./rules.ts"

/** A version of a cart, and what has led to it: something done online, or an operation. */
type Done = { cart_id: string; version: number; device?: string; position?: number }
type Seen = Pick<Origin, "based_on" | "base_version">
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

  constructor(
    private readonly lineage: Lineage,
    {
      operations,
      online,
      aliases,
    }: { operations: readonly Applied[]; online: readonly Online[]; aliases: readonly LineAlias[] },
  ) {
    this.aliases = new Map(aliases.map((it) => [it.id, it]))
    for (const it of online) this.named(it.line_id).online.push(it)
    for (const it of operations) this.add(it)
  }

  /** @param operation  was applied after all others */
  add(operation: Applied): void {
    const { id: operation_id, device, based_on, base_version, position, cart_id, version } = operation
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
      const origin = { operation_id, device, based_on, base_version, position, cart_id, version }
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

  /** What a device has put into lines of one kind, has not taken back, and has not seen in the cart since. */
  additionsOf(by: Origin, slot: string): readonly OwnAddition[] {
    const theirs = this.owned.get(keyOf(by.device, slot)) ?? []
    return theirs.filter((it) => it.version > this.lineage.seen(by, it.cart_id))
  }

  /** Whether something was in the version that somebody has seen, or his own device had done it before. */
  hasSeen(who: Origin, what: Done): boolean {
    return this.seenBySome([who])(what)
  }

  /** Whether others have done something to the line that was not seen. */
  isChanged(lineId: string, by: Origin): boolean {
    const { changes, online, besides } = this.since(lineId, by)
    return besides !== 0 || online.length > 0 || changes.some((it) => it.device !== by.device)
  }

  /** Whether the line was removed by somebody: who had not seen that says nothing about it any more. */
  isRemoved(lineId: string, by: Origin): boolean {
    return this.since(lineId, by).removals.length > 0
  }

  /** Whether the line has a quantity that counts more than what is said by who had not seen it. */
  isOvertaken(lineId: string, by: Origin): boolean {
    const { sets, online } = this.since(lineId, by)
    return online.some((it) => it.is === "set") || sets.some((it) => isNewer(it, by))
  }

  /** How many of the line were added that were not seen by who says how many there are of it, or that there is none. */
  unseen(lineId: string, by: Origin): number {
    const { additions, online, removals, besides } = this.since(lineId, by)
    const isSeen = this.seenBySome([by, ...removals])
    const added: (Done & { value: number })[] = [...additions, ...online.filter((it) => it.is === "added")]
    return added.reduce((sum, it) => sum + (isSeen(it) ? 0 : it.value), besides)
  }

  /** Whether what was added is no longer a part of the line's quantity: somebody has seen it, and said another. */
  isAbsorbed(addition: OwnAddition): boolean {
    // Who spoke of the line before has not seen it.
    const { cart_id: based_on, version: base_version, line_id } = addition
    const { sets, online, removals } = this.since(line_id, { based_on, base_version })
    if (this.seenBySome(removals)(addition)) return true
    // What a removal has done away with says nothing any more.
    const gone = removals.reduce((newest, it) => Math.max(newest, it.version), -1)
    if (online.some((it) => it.is === "set" && it.version >= gone)) return true
    const counting = sets.filter((it) => it.base_version >= gone)
    const winner = counting.reduce<Quantity | undefined>((a, b) => (a && isNewer(a, b) ? a : b), undefined)
    return winner !== undefined && this.hasSeen(winner, addition)
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

  /** What has happened to a line since somebody has seen it, under all its names. */
  private since(lineId: string, by: Seen) {
    const found = { ...new Named(), besides: 0 }
    let from = -1
    const news = <T extends Done>(list: readonly T[]) =>
      after(list, ({ cart_id }) => Math.max(from, this.lineage.seen(by, cart_id)))
    for (let id: string | undefined = lineId; id !== undefined; ) {
      const line = this.lines.get(id)
      if (line) {
        found.additions.push(...news(line.additions))
        found.online.push(...news(line.online))
        found.sets.push(...news(line.sets))
        found.removals.push(...news(line.removals))
        found.changes.push(...news(line.changes))
      }
      const alias = this.aliases.get(id)
      if (alias && alias.version > by.base_version) found.besides += alias.besides
      if (alias) from = Math.max(from, alias.version)
      id = alias?.line_id
    }
    return found
  }

  /** @returns whether at least one of them has seen something */
  private seenBySome(them: readonly Origin[]): (what: Done) => boolean {
    const versions = new Map<string, number>()
    const versionOf = (cartId: string) => {
      const known = versions.get(cartId)
      if (known !== undefined) return known
      const newest = them.reduce((most, it) => Math.max(most, this.lineage.seen(it, cartId)), -1)
      versions.set(cartId, newest)
      return newest
    }
    const last = new Map<string, number>()
    for (const { device, position } of them) last.set(device, Math.max(position, last.get(device) ?? position))
    return ({ cart_id, version, device, position }) =>
      version <= versionOf(cart_id) ||
      (device !== undefined && position !== undefined && position < (last.get(device) ?? position))
  }
}

const keyOf = (device: string, slot: string) => JSON.stringify([device, slot])

/** @returns the end of a list that is in the order of its versions, which are of one cart */
function after<T extends Done>(list: readonly T[], seen: (first: T) => number): readonly T[] {
  const [first] = list
  if (!first) return list
  const version = seen(first)
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((list[middle]?.version ?? 0) > version) to = middle
    else from = middle + 1
  }
  return from === 0 ? list : list.slice(from)
}
