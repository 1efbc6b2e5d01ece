import path from "node:path"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { until } from "../../support/http.ts"

/** By its address, and with what is looked at of it: it is the browser's, whose types are not those of Node. */
const SOURCE = path.resolve(import.meta.dirname, "../../../src/channels/demo/browser/api/desk.ts")
const { Desk } = (await import(SOURCE)) as { Desk: new (door: object) => Desk }
interface Desk {
  state: { cart: object | undefined; problem: object | undefined }
  show(held: object): void
  run(work: () => Promise<undefined>): Promise<void>
  clear(): void
}

const CART = { id: "cart_before", completed_at: null, items: [] }

/** A shop that gives tickets at once, and shows a cart when it is let. */
let asked: string[]
let letShow: (status: number) => void
class Source {
  static opened: Source[] = []
  onopen?: () => void
  constructor(readonly url: string) {
    Source.opened.push(this)
  }
  addEventListener() {}
  close() {}
}
beforeEach(() => {
  asked = []
  Source.opened = []
  vi.stubGlobal("EventSource", Source)
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path)
    if (path.endsWith("/stream-ticket")) return Response.json({ ticket: "t" })
    const status = await new Promise<number>((resolve) => {
      letShow = resolve
    })
    return Response.json(status === 200 ? { cart: CART } : { message: "Cart id not found" }, { status })
  })
})
afterEach(() => vi.unstubAllGlobals())

async function following(): Promise<Desk> {
  const desk = new Desk({ name: "pos", room: "/pos", headers: {}, inAddress: {} })
  desk.show({ body: { cart: CART }, version: 1 })
  await until("the stream is asked for", () => Source.opened.length === 1)
  Source.opened[0]?.onopen?.()
  await until("the cart is read again", () => asked.at(-1) === "/pos/carts/cart_before")
  return desk
}

it("a cart that is read late does not come back before the next customer, nor what the shop says against it", async () => {
  for (const status of [200, 404]) {
    const desk = await following()
    desk.clear()
    letShow(status)
    // A turn of the desk's own comes after what was asked for before.
    await new Promise(setImmediate)
    await desk.run(async () => undefined)
    expect([desk.state.cart, desk.state.problem]).toEqual([undefined, undefined])
    Source.opened = []
  }
})

it("what is read of the cart that is still there is shown", async () => {
  const desk = await following()
  expect(desk.state.cart).toBe(CART)
  letShow(200)
  await until("it is shown", () => desk.state.cart !== CART)
  expect(desk.state.cart).toEqual(CART)
})
