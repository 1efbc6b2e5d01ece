import type { Config } from "../../config.ts"
import { CUSTOMERS, type Demo } from "../../medusa/demo-shop/index.ts"
import type { DemoConfig } from "./browser/api/config.ts"

/** In which shop the till of the page stands. */
const SHOP = "madrid"

/** What the page has to know of the demo shop: keys, and who logs in where. The admin is not among them. */
export function pageConfig(demo: Demo, { holdMinutes }: Config): DemoConfig {
  const { channels, customers, promotions, regions, staff, tills, variants } = demo
  const [customer] = customers
  const person = CUSTOMERS.find((it) => it.email === customer?.email)
  const till = tills.find((it) => it.location === SHOP)
  if (!customer || !person || !till) throw new Error("demo.json has no customer, or no till in Madrid")
  const { first_name, last_name, address } = person
  const nameOf = ({ sales_channel_id, publishable_key }: Demo["channels"]["web"]) => ({
    ...{ sales_channel_id, publishable_key },
  })
  return {
    region_id: regions.es,
    channels: {
      ...{ web: nameOf(channels.web), app: nameOf(channels.app) },
      ...{ pos: nameOf(channels.pos), phone: nameOf(channels.phone) },
    },
    customer: {
      ...{ email: customer.email, password: customer.password, phone: customer.phone, first_name, last_name },
      address: { first_name, last_name, phone: customer.phone, ...address },
    },
    till: { id: till.id, name: till.name, token: till.token, cashier: staff.cashier },
    agent: staff.agent,
    scarce_variant_id: variants.scarce,
    hold_minutes: holdMinutes,
    promotion_code: promotions.code,
  }
}
