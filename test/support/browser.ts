import fs from "node:fs"
import { type Browser, chromium } from "playwright-core"

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"]

/** The Chromium of this machine, or undefined; `CHROMIUM` names another one. */
export const chromiumPath = (): string | undefined =>
  [process.env.CHROMIUM ?? "", ...PLACES].find((it) => it && fs.existsSync(it))

/** Opens Chromium without a window. The flags keep it from talking to its makers. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
}
