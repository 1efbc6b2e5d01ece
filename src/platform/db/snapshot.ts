/**
 * What a statement could see, as `pg_current_snapshot()` tells it: `xmin:xmax:xip,...`. Transactions below `xmin` are
 * over, those from `xmax` on had not begun, and those that are listed were open.
 */
export type Snapshot = string

interface Parsed {
  xmin: bigint
  xmax: bigint
  open: ReadonlySet<string>
}

function parse(snapshot: Snapshot): Parsed {
  const [xmin = "0", xmax = "0", open = ""] = snapshot.split(":")
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), open: new Set(open === "" ? [] : open.split(",")) }
}

/** Whether what a transaction has written could be seen, as `pg_visible_in_snapshot` says it of one that is committed. */
export function isVisible(tx: string, snapshot: Snapshot): boolean {
  const { xmin, xmax, open } = parse(snapshot)
  const id = BigInt(tx)
  return id < xmin || (id < xmax && !open.has(tx))
}

/** Whether one of two snapshots of a database could see all that the other could. */
export function seesAllOf(one: Snapshot, other: Snapshot): boolean {
  if (one === other) return true
  const [a, b] = [parse(one), parse(other)]
  // They follow one another: the end moves on, or, while nothing begins, what was open ends.
  return a.xmax > b.xmax || (a.xmax === b.xmax && a.open.size <= b.open.size)
}
