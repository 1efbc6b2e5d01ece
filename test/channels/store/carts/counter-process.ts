import { loadConfig } from "../../../../src/config.ts"
import { createLog } from "../../../../src/platform/log.ts"
import { openCounter } from "../../../../src/server.ts"

/** A counter in a process of its own, to be killed: `counter-process.ts DATABASE_URL DATA_DIR`. Tells its address. */
const [databaseUrl = "", dataDir = ""] = process.argv.slice(2)
const config = loadConfig({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, MEDUSA_URL: "http://127.0.0.1:9" })
const { url } = await openCounter({ ...config, port: 0 }, databaseUrl, createLog("silent"))
process.send?.(url)
