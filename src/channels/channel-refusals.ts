import { type Activity, type Channel, refusalOf } from "../commerce/channels/index.ts"
import { WireError } from "./errors.ts"

/**
 * Lets through what a channel may do.
 *
 * @param activity  undefined: what every channel may that is open
 * @throws WireError 403 `channel_inactive` or `channel_not_allowed`
 */
export function requireActivity(channel: Channel, activity?: Activity): void {
  const code = refusalOf(channel, activity)
  if (code === "channel_inactive") {
    throw new WireError(403, "forbidden", "This channel is closed.", { code })
  }
  if (code === "channel_not_allowed") {
    throw new WireError(403, "forbidden", `This channel is not for that: it may not "${activity}".`, { code })
  }
}
