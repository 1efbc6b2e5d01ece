import { openWebhooks } from "../../../src/commerce/webhooks/index.ts"
import { createLog } from "../../../src/platform/log.ts"

/** A process that does nothing but send webhooks, to be killed: `webhooks-process.ts DATABASE_URL OPTIONS`. */
const [databaseUrl = "", options = "{}"] = process.argv.slice(2)
await openWebhooks(databaseUrl, createLog("error"), JSON.parse(options))
process.stdout.write("sending\n")
