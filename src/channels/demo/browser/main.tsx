import { render } from "hono/jsx/dom"
import { claim } from "./api/carts.ts"
import { type DemoConfig, loadConfig } from "./api/config.ts"
import { Desk } from "./api/desk.ts"
import { Refused } from "./api/door.ts"
import { agentDoor, shopperDoor, tillDoor } from "./api/doors.ts"
import { readArticles } from "./api/shop.ts"
import type { Shop } from "./context.ts"
import { keepFocus } from "./focus.ts"
import { Page } from "./page.tsx"
import { language, words } from "./words.ts"

/** How many articles lie on the page's shelf. */
const ARTICLES = "6"
const LOOK_AGAIN_MS = 2_000

const openDesks = (config: DemoConfig): Shop["desks"] => ({
  web: new Desk(shopperDoor(config, "web", "laptop")),
  app: new Desk(shopperDoor(config, "app", "phone")),
  pos: new Desk(tillDoor(config)),
  phone: new Desk(agentDoor(config)),
})

/** The code in the address, where this device has scanned it; taken out of there, since it is good once. */
function scannedCode(): string {
  const code = new URLSearchParams(location.hash.slice(1)).get("handoff") ?? ""
  if (code !== "") history.replaceState(null, "", location.pathname)
  return code
}

async function open(root: HTMLElement): Promise<void> {
  document.documentElement.lang = language
  const config = await loadConfig()
  const desks = openDesks(config)
  const { door } = desks.web
  const scarceId = config.scarce_variant_id
  const [articles, [scarce]] = await Promise.all([
    readArticles(door, config.region_id, { limit: ARTICLES, order: "id" }),
    readArticles(door, config.region_id, { "variants[id]": scarceId, limit: "1" }, scarceId),
  ])
  if (!scarce) throw new Error("The demo shop does not have the article of which there are few.")
  const code = scannedCode()
  render(<Page shop={{ config, desks, articles }} scarce={scarce} code={code} />, root)
  keepFocus(root)
  if (code !== "") await desks.app.run(() => claim(desks.app.door, code))
}

/** Where the shop is only opening, it is tried again until it is open. */
async function start(root: HTMLElement): Promise<void> {
  try {
    await open(root)
  } catch (error) {
    const isOpening = error instanceof Refused && error.status === 503
    root.textContent = isOpening ? words.opening : error instanceof Error ? error.message : String(error)
    if (!isOpening) throw error
    setTimeout(() => start(root), LOOK_AGAIN_MS)
  }
}

const root = document.getElementById("page")
if (root) void start(root)
