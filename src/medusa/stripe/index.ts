import { createRequire } from "node:module"
import { stripeAddress } from "./address.ts"

/** A client of the `stripe` library that Medusa's provider brings, as far as we touch it. */
interface Client {
  _setApiField(name: "host" | "port" | "protocol", value: string): void
}
interface Options {
  /** In the place of Stripe's own. */
  apiUrl?: string
}
type Provider = new (cradle: object, options: Options) => { stripe_: Client }

const { services } = createRequire(import.meta.url)("@medusajs/payment-stripe").default as { services: Provider[] }

/** Medusa's own talk to Stripe alone; in tests something else speaks for it. */
const led = (Service: Provider): Provider =>
  class extends Service {
    constructor(cradle: object, options: Options) {
      super(cradle, options)
      if (!options.apiUrl) return
      const { host, port, protocol } = stripeAddress(options.apiUrl)
      this.stripe_._setApiField("host", host)
      this.stripe_._setApiField("port", port)
      this.stripe_._setApiField("protocol", protocol)
    }
  }

/** Medusa's providers for cards and wallets, as they are: `pp_stripe_stripe`, and others of its kind. Runs inside Medusa. */
export default { services: services.map(led) }
