import type { IncomingMessage } from "node:http"
import type { Context } from "hono"
import { readOwned, takesPartInTransfer } from "../../../commerce/orders/index.ts"
import { readBody } from "../../body.ts"
import type { Counter, Services } from "../../counter.ts"
import { isEmpty, type MedusaAnswer, type Passthrough } from "../../passthrough/index.ts"
import { wholeBody } from "../../whole-body.ts"
import { Made } from "../lane.ts"
import { answersTo, claimOf, customerOf } from "./access.ts"

/** What is asked of Medusa about one order. */
interface Named {
  id: string
  /** Of the path, what comes behind the id. */
  rest: string
}

/** How much of the order Medusa's answer may tell. */
type Told = "all" | "its id" | "nothing"

/** An order that no shop has. */
const NO_ORDER = `order_${"0".repeat(26)}`
/** As deep as Medusa goes, too. */
const MOST_DEEP = 1000

/**
 * The passthrough where orders of accounts answer to whom the lane shows them, also on those of Medusa's routes that no lane
 * answers. For anybody else Medusa is asked for an order that there is not: so he is told what is told of any such order,
 * whatever else is right or wrong with what he asks.
 */
export function ordersOfMedusa(services: Services, passthrough: Passthrough): Passthrough {
  if (services.config.cartAccess === "id") return passthrough

  /** @returns undefined where nothing is to be kept from who asks */
  async function less(c: Context<Counter>): Promise<MedusaAnswer | undefined> {
    const order = namedIn(c)
    const told = order ? await toldOf(c, services, order) : "all"
    if (!order || told === "all") return undefined
    const isHidden = told === "nothing"
    if (isHidden) c.set("medusaPath", renamed((c.env.incoming as IncomingMessage).url ?? ""))
    const answer = await passthrough.ask(c, { "accept-encoding": "identity" })
    if (!Buffer.isBuffer(answer.body) || answer.body.length === 0) return answer
    if (isHidden) return withText(answer, answer.body.toString().split(NO_ORDER).join(order.id))
    return answer.status < 300 ? withText(answer, JSON.stringify({ order: { id: order.id } })) : answer
  }

  const pass = async (...[c, how]: Parameters<Passthrough>): Promise<Response> => {
    const answer = await less(c)
    if (!answer) return await passthrough(c, how)
    const { status, headers, body } = answer
    return new Response(isEmpty(status) ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
  }
  const ask: Passthrough["ask"] = async (c, headers) => (await less(c)) ?? (await passthrough.ask(c, headers))
  return Object.assign(pass, { ask, close: passthrough.close })
}

/** @source express 4: letters' case does not matter; a parameter is decoded */
const PATH = /^(\/store\/orders\/)([^/?]+)([^?]*)/i

function namedIn(c: Context<Counter>): Named | undefined {
  const { url = "" } = c.env.incoming as IncomingMessage
  const [, , id = "", rest = ""] = PATH.exec(url) ?? []
  try {
    return id === "" ? undefined : { id: decodeURIComponent(id), rest: rest.toLowerCase() }
  } catch {
    // Medusa says what is wrong with it.
    return undefined
  }
}

const renamed = (url: string) => url.replace(PATH, (_, before: string, _id, rest: string) => before + NO_ORDER + rest)

async function toldOf(c: Context<Counter>, services: Services, { id, rest }: Named): Promise<Told> {
  const { sql } = services.database
  const order = await readOwned(sql, id, claimOf(c))
  if (!order || (await answersTo(c, services, order))) return "all"
  const [, step] = /^\/transfer\/(accept|decline|cancel)\/?$/.exec(rest) ?? []
  // To whom it was to go he may give that up; it is not his.
  if (step === "cancel") {
    const customer = await customerOf(c, services)
    return (await takesPartInTransfer(sql, id, { customer })) ? "its id" : "nothing"
  }
  // The token went to whose order it is.
  if (step === undefined) return "nothing"
  return (await takesPartInTransfer(sql, id, { token: await tokenIn(c) })) ? "all" : "nothing"
}

async function tokenIn(c: Context<Counter>): Promise<string | undefined> {
  await wholeBody(c)
  const { token } = ((await readBody(c, MOST_DEEP)) ?? {}) as { token?: unknown }
  return typeof token === "string" && !token.includes("\0") ? token : undefined
}

/** The answer with another text, and with what its headers say of it. */
function withText(answer: MedusaAnswer, text: string): MedusaAnswer {
  const { bytes, tag } = new Made(text)
  answer.headers.set("content-length", String(bytes.byteLength))
  if (answer.headers.has("etag")) answer.headers.set("etag", tag)
  return { ...answer, body: bytes }
}
