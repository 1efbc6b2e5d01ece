import { setTimeout as wait } from "node:timers/promises"
import type { Context } from "hono"
import postgres, { type TransactionSql } from "postgres"
import {
  type Cart,
  type CartChange,
  CartMoved,
  type ChangedBy,
  cartFrom,
  cartNotFound,
  cartQuery,
  Draft,
  hasVersion,
  InOthersHands,
  isOvertaken,
  keepMedusaOut,
  ODD,
  OnlyMedusa,
  PaymentInTheWay,
  reach,
  readCart,
  type Shop,
  survivorOf,
  takeCart,
  tryCart,
  VersionConflict,
  writeDraft,
} from "../../../../commerce/carts/index.ts"
import { adjustHold, holdCart } from "../../../../commerce/checkout/index.ts"
import { isLockTimeout, type OpenTransaction, transaction } from "../../../../platform/db/index.ts"
import { begin, finish, type KeyedRequest } from "../../../../platform/idempotency/index.ts"
import type { Counter, Services } from "../../../counter.ts"
import { answerError } from "../../../errors.ts"
import { type Answer, alone, busy, lasting, replay, respond, wholeAnswer } from "../../../idempotency.ts"
import { inTurn } from "../../cart-turns.ts"
import { expectedVersion, showVersion, versionConflict } from "../../cart-versions.ts"
import { keyedRequest } from "../../idempotency.ts"
import { isOdd, showCart } from "../answer.ts"
import { closeCards } from "../close-cards.ts"
import { type ShownCart, selectCart } from "../fields.ts"
import { answersTo, saidId } from "../presented.ts"
import { refusalOf } from "../refusals.ts"

/** A cart's change, as a lane asks for it. */
export interface Change<Read> {
  cartId: string
  show: ShownCart
  /** What is read besides, in the same round trip as the cart. */
  read?(tx: TransactionSql): Promise<Read>
  by: ChangedBy
  /**
   * Changes the draft. May throw `CartRefused` and errors of the inventory.
   *
   * @returns what was done; undefined when there was nothing to do
   */
  work(tx: TransactionSql, draft: Draft, shop: Shop, read: Read): Promise<CartChange | undefined>
  /** The answer around the cart; `{ cart }` unless it is given. */
  answer?(cart: unknown): object
  /** The answer of a change that shows a part of the cart. */
  shownPart?(cart: Cart): object
  /** The answer of a change that shows something else, as it stands when the change is written. */
  shownInstead?(tx: TransactionSql): Promise<object>
  /** What is said when there is no such cart, where Medusa uses other words. */
  missing?: Error
  /** It is a part of what the request asks for: the key and the version there are looked after by who asks for it. */
  isPart?: boolean
  /** It writes with several statements, and begins as the cart's one writer, among Medusa's own workflows, too. */
  isLocking?: boolean
  /**
   * Medusa has no such change: what was begun to be paid by card on another device and stands in its way is closed, as
   * Medusa closes it whenever what is to be paid changes.
   */
  closesCards?: boolean
  /** From then on the stock of the cart is held, or is the order's; otherwise what is held follows the cart. */
  stock?: "held" | "taken"
}

/** What makes a cart. */
export interface Creation {
  show: ShownCart
  by: ChangedBy
  /** It writes with several statements, which stand or fall together. */
  isLocking?: boolean
  work(tx: TransactionSql, shop: Shop): Promise<Draft>
}

/** The shop as it is seen in a transaction: whatever has to be read is read through its connection. */
function shopIn(tx: TransactionSql, services: Services): Shop {
  const { catalog, config } = services
  return {
    ...services,
    documents: { get: (ids) => catalog.documents.get(ids, tx) },
    isKnownByEmail: config.cartAccess === "id",
  }
}

/**
 * Changes a cart: the rows, its version and the answer under an `Idempotency-Key` are written together, or nothing is.
 *
 * At first the cart is read without a lock, and changed in a single statement, unless it is no longer what was read.
 * Then, or where there is a key, it is done in one transaction that makes its author the cart's one writer.
 *
 * @throws OnlyMedusa when nothing was done, and Medusa is to be asked
 */
export async function changeCart<Read>(
  c: Context<Counter>,
  services: Services,
  change: Change<Read>,
): Promise<Response> {
  const keyed = change.isPart ? undefined : await keyedRequest(c, services)
  const isMeantFor = change.isPart ? undefined : expectedVersion(c)
  const { cartId, show, missing = cartNotFound(saidId(c, cartId)) } = change
  const work = () =>
    inTransaction(c, services, { keyed, isLocking: change.isLocking }, async (open, { isLocking }) => {
      const { tx } = open
      const shop = { ...shopIn(tx, services), counter_location_id: c.get("desk")?.counter_location_id }
      const [isAlone, isFree, cart, read] = await Promise.all([
        !isLocking || tryCart(tx, cartId),
        !change.isLocking || keepMedusaOut(tx, cartId),
        readCart(tx, shop.documents, cartId, show.extras),
        change.read?.(tx) as Promise<Read>,
      ])
      if (!isAlone || !isFree) throw new InOthersHands()
      if (!cart) {
        const survivor = await survivorOf(tx, cartId)
        throw survivor === undefined ? missing : new CartMoved(survivor)
      }
      if (cart === ODD) throw new OnlyMedusa("the cart is an odd one")
      if (!(await answersTo(c, services, tx, { cart_id: cart.id, owner: cart.owner }))) throw missing
      // What is held for the cart changes with it, by statements of its own.
      if ((cart.version === null || cart.hold) && !isLocking) throw new InOthersHands()
      const version = cart.version ?? (await takeCart(tx, cartId))
      if (isMeantFor && !isMeantFor(version)) throw new VersionConflict(cartId, version)
      const draft = new Draft(cart)
      // What is refused, or comes to the same sum, must leave it alone.
      draft.looksAtPaymentLast = change.closesCards === true
      const done = await change.work(tx, draft, shop, read)
      if (done && draft.isPaymentInTheWay) throw new PaymentInTheWay()
      const { holdMinutes } = services.config
      if (done && change.stock === "held") await holdCart(tx, cart, holdMinutes)
      else if (done && change.stock !== "taken") await adjustHold(tx, cart, holdMinutes)
      const became = done && hasVersion(done) ? version + 1 + draft.leap : version
      if (done) return await written(open, services, keyed, draft, became, done, change)
      return await shown(tx, services, became, change)
    })
  const attempt = async () => respond(c, await alone(services, keyed, () => inTurn(services, cartId, work)))
  try {
    return await attempt()
  } catch (error) {
    const isInTheWay = change.closesCards && error instanceof PaymentInTheWay
    // Another device may have closed it just now.
    if (!isInTheWay || (await closeCards(c, services, cartId, change.by)) === "paid") throw error
    return await attempt()
  }
}

/** Makes a cart: its rows, its version and the answer under an `Idempotency-Key` are written together, or nothing is. */
export async function makeCart(c: Context<Counter>, services: Services, creation: Creation): Promise<Response> {
  const keyed = await keyedRequest(c, services)
  const { show, by } = creation
  const desk = c.get("desk")
  const isLocking = creation.isLocking || desk !== undefined
  const work = () =>
    inTransaction(c, services, { keyed, isLocking }, async (open) => {
      const draft = await creation.work(open.tx, shopIn(open.tx, services))
      if (desk) await reach(open.tx, desk.worker, [{ id: draft.cart.id, of: "cart" }], "made")
      return await written(open, services, keyed, draft, 1, "created", { cartId: draft.cart.id, show, by })
    })
  return respond(c, await alone(services, keyed, work))
}

type Shown = Pick<Change<never>, "cartId" | "show" | "answer" | "shownPart" | "shownInstead">

/**
 * Writes the draft, and shows what then stands in the database. What is not in the draft is read again, before the commit:
 * it may be what only Medusa can show.
 */
async function written(
  { tx, commitAfter, together }: OpenTransaction,
  services: Services,
  keyed: KeyedRequest | undefined,
  draft: Draft,
  version: number,
  done: CartChange,
  { by, ...asked }: Shown & { by: ChangedBy },
): Promise<Answer> {
  const { cartId, show, shownInstead } = asked
  if (shownInstead) {
    return await together(async (tx) => {
      const write = writeDraft(tx, draft, version, done, by).execute()
      const [, body] = await Promise.all([write, shownInstead(tx)])
      return answerWith(version, body)
    })
  }
  const cart = ours(draft.cart, show)
  const { variants, products } = show.extras
  if (draft.isWhole && !variants && products !== "columns") {
    const write = writeDraft(tx, draft, version, done, by)
    // The answer that is kept under a key has to be written after it.
    const [answer] = await Promise.all([
      afterSending(() => answerOf(services, version, cart, asked)),
      keyed ? write : commitAfter(write),
    ])
    return answer
  }
  return await together(async (tx) => {
    const { documents } = shopIn(tx, services)
    const [, rows] = await Promise.all([writeDraft(tx, draft, version, done, by), cartQuery(tx, cartId, show.extras)])
    return answerOf(services, version, ours(await cartFrom(rows, documents, show.extras), show), asked)
  })
}

/** What is done when the statements that were asked for just now are on their way: Postgres works meanwhile. */
async function afterSending<T>(work: () => T): Promise<T> {
  // The driver writes to its socket in an immediate, which it asks for in a microtask: this one comes behind it.
  await new Promise<void>((resolve) => process.nextTick(setImmediate, resolve))
  return work()
}

async function shown(tx: TransactionSql, services: Services, version: number, asked: Shown): Promise<Answer> {
  const { cartId, show, shownInstead } = asked
  if (shownInstead) return answerWith(version, await shownInstead(tx))
  const cart = await readCart(tx, shopIn(tx, services).documents, cartId, show.extras)
  return answerOf(services, version, ours(cart, show), asked)
}

function answerOf(
  services: Services,
  version: number,
  cart: Cart,
  { show, answer = (it) => ({ cart: it }), shownPart }: Shown,
): Answer {
  if (shownPart) return answerWith(version, shownPart(cart))
  return answerWith(version, answer(shownCart(services, cart, show)))
}

function answerWith(version: number, shown: object): Answer {
  const body = JSON.stringify(shown)
  const headers = new Headers({ "Content-Type": "application/json; charset=utf-8" })
  showVersion(headers, version)
  return { status: 200, headers, body, isUnknown: false }
}

/** @throws OnlyMedusa for a cart that we cannot show as it is asked for */
function ours(cart: Cart | typeof ODD | undefined, show: ShownCart): Cart {
  if (!cart) throw new Error("A cart that was written is not there")
  if (cart === ODD || isOdd(cart, show)) throw new OnlyMedusa("only Medusa knows how it shows this cart")
  return cart
}

function shownCart({ regions, currencies }: Services, cart: Cart, show: ShownCart): unknown {
  const region = cart.region_id === null ? undefined : regions.find(cart.region_id)
  return showCart(cart, show, { region, decimalDigits: currencies.find(cart.currency_code)?.decimal_digits })
}

/**
 * @param work  what it has written is undone when it is refused
 */
async function inTransaction(
  c: Context<Counter>,
  services: Services,
  { keyed, isLocking: mustLock = false }: { keyed: KeyedRequest | undefined; isLocking?: boolean | undefined },
  work: (open: OpenTransaction, how: { isLocking: boolean }) => Promise<Answer>,
): Promise<Answer> {
  const attempt = (isLocking: boolean) => {
    const done = (open: OpenTransaction) => answered(c, services, open, () => work(open, { isLocking }))
    if (!isLocking) return services.pipelines.use(done)
    return transaction(services.database.sql, async (open) => {
      if (!keyed) return await undone(open, () => done(open))
      const known = await begin(open.tx, keyed)
      if (known.is !== "new") return replay(c, known)
      const answer = await undone(open, () => done(open))
      const { status, headers, body } = answer
      if (body instanceof ReadableStream) return answer
      await finish(open.tx, keyed, { status, headers: lasting(headers), body: Buffer.from(body) })
      return answer
    })
  }
  const deadline = performance.now() + services.config.requestTimeoutSeconds * 1000
  let failures = 0
  for (let isLocking = mustLock || keyed !== undefined; ; isLocking = true) {
    try {
      return await attempt(isLocking)
    } catch (error) {
      if (error instanceof InOthersHands || (!isLocking && isLockTimeout(error))) {
        if (performance.now() > deadline) throw busy()
        // Without a connection, of which others have need: Medusa may be at it for long.
        if (isLocking) await wait(PAUSE + Math.random() * PAUSE)
      } else if (++failures === MOST_FAILURES || !mayPass(error)) throw isImpatient(error) ? busy() : error
    }
  }
}
const MOST_FAILURES = 3

/** Undoes what work has written that ends in a refusal; the transaction goes on, so that the refusal can be kept in it. */
async function undone({ tx }: OpenTransaction, work: () => Promise<Answer>): Promise<Answer> {
  // It goes out with what comes next.
  const saved = tx.unsafe("savepoint refused").execute()
  saved.catch(() => {})
  const answer = await work()
  if (answer.status >= 300) await tx.unsafe("rollback to savepoint refused")
  return answer
}
/** Milliseconds. */
const PAUSE = 10

/** What a refusal says is an answer, too: nothing has been written. */
async function answered(
  c: Context<Counter>,
  services: Services,
  open: OpenTransaction,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof VersionConflict) return await conflict(c, services, open.tx, error)
    const refused = refusalOf(error)
    if (!refused) throw error
    return await wholeAnswer(answerError(refused, c))
  }
}

async function conflict(
  c: Context<Counter>,
  services: Services,
  tx: TransactionSql,
  { cart_id, version }: VersionConflict,
): Promise<Answer> {
  const show = selectCart(undefined)
  if (!show) throw new Error("The fields of a cart are known")
  const cart = await readCart(tx, shopIn(tx, services).documents, cart_id, show.extras)
  return versionConflict(c, version, shownCart(services, ours(cart, show), show))
}

/**
 * Somebody else has changed the cart, or is at it, or has made the same guest just now; or two have waited for each
 * other, and Postgres has chosen this one.
 */
const mayPass = (error: unknown) =>
  isOvertaken(error) || (error instanceof postgres.PostgresError && ["23505", "40P01"].includes(error.code))

/** The cart's lock, or the database, was not to be had in time. */
const isImpatient = (error: unknown) =>
  error instanceof postgres.PostgresError && ["55P03", "57014"].includes(error.code)
