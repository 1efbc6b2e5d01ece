import type { ExecArgs } from "@medusajs/framework/types"
import { loadConfig } from "../../config.ts"
import { CATALOG } from "./catalog/index.ts"
import { type Demo, writeDemo } from "./demo.ts"
import { LIMITED_CODE, THREE_FOR_TWO, WELCOME_CODE } from "./offers.ts"
import { ADMIN, CUSTOMER_PASSWORD, CUSTOMERS, STAFF } from "./people.ts"
import { drawPictures } from "./pictures/index.ts"
import { seedChannels } from "./seeding/channels.ts"
import { seedDesks } from "./seeding/desks.ts"
import { seedLocations } from "./seeding/locations.ts"
import { seedRegions, seedStore, seedTaxes } from "./seeding/markets.ts"
import { seedPriceLists, seedPromotions } from "./seeding/offers.ts"
import { seedClub, seedCustomers, seedUsers } from "./seeding/people.ts"
import { clearHalfMade, movePictures, seedProducts } from "./seeding/products.ts"
import { seedShelves } from "./seeding/shelves.ts"
import { seedShipping, seedShippingProfile } from "./seeding/shipping.ts"
import { find, required, step } from "./seeding/shop.ts"
import { mark, stateOf } from "./seeding/state.ts"
import { seedInventory } from "./seeding/stock.ts"
import { NOTABLE } from "./stock.ts"

/**
 * Fills an empty, migrated database with the demo shop, and writes `DATA_DIR/demo.json`. Run by `medusa exec`.
 *
 * It may run again at any time: every piece is looked up by its natural key first, so a whole shop is left as it
 * is, and one whose seeding was cut off is completed.
 *
 * @throws AnotherShop when the database holds a merchant's own shop; nothing has been written then
 */
export default async function seed({ container }: ExecArgs): Promise<void> {
  const config = loadConfig()
  const state = await stateOf(container)
  if (state === "empty") await mark(container, "half")
  if (state === "half") {
    step("clearing what an interrupted seeding left half made")
    await clearHalfMade(container)
  }

  step("pictures")
  drawPictures(config.dataDir)

  step("sales channels and keys")
  const channels = await seedChannels(container)
  step("regions")
  const regions = await seedRegions(container)
  await seedStore(container, channels.web.sales_channel_id, regions.es)

  step("shops and warehouse")
  const channelIds = Object.values(channels).map(({ sales_channel_id }) => sales_channel_id)
  const locations = await seedLocations(container, channelIds)
  step("shipping and collecting")
  const shippingProfile = await seedShippingProfile(container)
  const shippingTypes = await seedShipping(container, locations, shippingProfile)

  step("categories")
  const shelves = await seedShelves(container)
  step("taxes")
  await seedTaxes(container, shelves.types)

  step("stock")
  const items = await seedInventory(container, locations)
  step("products")
  await seedProducts(container, { publicUrl: config.publicUrl, shelves, channels, shippingProfile, items }, (done) =>
    step(`products (${done} of ${CATALOG.length})`),
  )
  await movePictures(container, config.publicUrl)
  const variants = await variantIds(container)

  step("customers")
  const club = await seedClub(container)
  const customers = await seedCustomers(container, club)
  step("users, channels, staff and tills")
  const users = await seedUsers(container)
  const desks = await seedDesks(config, { channels, locations, users })

  step("price lists")
  await seedPriceLists(container, variants, club)
  step("promotions")
  await seedPromotions(container, {
    category: required(shelves.categories.get(THREE_FOR_TWO.category), THREE_FOR_TWO.category),
    shippingType: required(shippingTypes.get("standard"), "standard"),
  })

  writeDemo(config.dataDir, {
    url: config.publicUrl,
    admin: { email: ADMIN.email, password: ADMIN.password },
    staff: {
      cashier: { email: STAFF.cashier.email, pin: STAFF.cashier.pin },
      agent: { email: STAFF.agent.email, password: STAFF.agent.password },
      supervisor: {
        ...{ email: STAFF.supervisor.email, password: STAFF.supervisor.password, pin: STAFF.supervisor.pin },
      },
    },
    tills: desks.tills,
    regions,
    channels: desks.channels,
    stock_locations: locations,
    customers: CUSTOMERS.map(({ email, phone, loyalty_code, group }) => ({
      id: required(customers.get(email), email),
      email,
      password: CUSTOMER_PASSWORD,
      phone,
      loyalty_code,
      group,
    })),
    variants: notableVariants(variants),
    promotions: { code: WELCOME_CODE, limited_code: LIMITED_CODE },
  })
  await mark(container, "whole")
  process.stdout.write(
    `seeded ${CATALOG.length} products, ${CATALOG.flatMap((product) => product.variants).length} variants\n`,
  )
}

async function variantIds(container: ExecArgs["container"]): Promise<Map<string, string>> {
  const skus = CATALOG.flatMap((product) => product.variants.map(({ sku }) => sku))
  const variants = await find<{ id: string; sku: string }>(container, "product_variant", ["id", "sku"], { sku: skus })
  return new Map(variants.map(({ id, sku }) => [sku, id]))
}

const notableVariants = (variants: Map<string, string>) =>
  Object.fromEntries(
    Object.entries(NOTABLE).map(([name, sku]) => [name, required(variants.get(sku), sku)]),
  ) as Demo["variants"]
