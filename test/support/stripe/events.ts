import type { Account, Call } from "./account.ts"
import { noSuch } from "./errors.ts"
import { list } from "./lists.ts"
import type { StripeEvent } from "./objects.ts"
import { text, words } from "./params.ts"

export function listAll(account: Account, { params }: Call) {
  const type = text(params, "type")
  const types = words(params, "types")
  const found = account.events.filter(
    (event) => (!type || matches(event.type, type)) && (!types || types.some((one) => matches(event.type, one))),
  )
  return list("/v1/events", found, params)
}

export function retrieve(account: Account, { id }: Call): StripeEvent {
  const event = account.events.find((one) => one.id === id)
  if (!event) throw noSuch("event", id)
  return event
}

/** @param wanted  may end in `*`, as `charge.*` */
const matches = (type: string, wanted: string) =>
  wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted
