import { createHash } from "node:crypto"
import type { Horizon } from "../../commerce/catalog/index.ts"
import { WireError } from "../errors.ts"
import { wrongParameter } from "../parameters.ts"

/**
 * How far a device has come in the catalog's changes. Documents are read by version, and one that changes again while
 * they are read moves on, with all that is new in it: what a device has yet to be told of it is reckoned from where the
 * reading began, not from the last version that it got.
 */
export interface Position {
  /** All documents up to this version have been read. */
  version: number
  /** What the device had when the reading began: everything up to this version; 0 is nothing. */
  since: number
  /** The newest version when the reading began: what was removed before needs not be told to who had nothing. */
  began: number
}

/** Where everything up to a version has been told. */
export const completeAt = (version: number): Position => ({ version, since: version, began: version })

/** Of the position's own form. */
const FORMAT = 1
const TEXT = /^1\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{12})$/

/** The position as devices keep it: both the stream's event id and the feed's cursor. */
export function writePosition({ version, since, began }: Position, channels: readonly string[]): string {
  return Buffer.from([FORMAT, version, since, began, digest(channels)].join(".")).toString("base64url")
}

/**
 * @param parameter  what it was given as
 * @param channels   those through which the device sees the catalog now
 * @throws WireError 400 for what was never given out, or to other channels
 */
export function readPosition(text: string, parameter: string, channels: readonly string[]): Position {
  const decoded = Buffer.from(text, "base64url").toString("latin1")
  const [, version, since, began, of] = decoded.match(TEXT) ?? []
  const position = { version: Number(version), since: Number(since), began: Number(began) }
  const isOurs =
    of !== undefined &&
    position.since <= Math.min(position.version, position.began) &&
    Buffer.from(decoded, "latin1").toString("base64url") === text
  if (!isOurs) throw wrongParameter(parameter, "is not one that was given out here; begin anew, without it")
  if (of !== digest(channels)) throw wrongParameter(parameter, "is of other sales channels; begin anew, without it")
  return position
}

/**
 * @throws WireError 400 for a position that is yet to come (the database was put back to an earlier state), 410 for one
 *   after which deletions have been forgotten
 */
export function requireReachable(position: Position, horizon: Horizon, parameter: string): void {
  if (position.version > horizon.newest)
    throw wrongParameter(parameter, "is newer than the catalog; begin anew, without it")
  if (hasForgotten(position, horizon)) {
    throw new WireError(410, "invalid_data", `The ${parameter} is too old to go on from: begin anew, without it.`, {
      code: "begin_anew",
    })
  }
}

/** Whether something that the device may have was deleted so long ago that nobody can tell it. */
export function hasForgotten({ version, since, began }: Position, { pruned }: Horizon): boolean {
  return pruned > (since === 0 ? Math.max(version, began) : version)
}

const digest = (channels: readonly string[]) =>
  createHash("sha256").update(channels.join(" ")).digest("hex").slice(0, 12)
