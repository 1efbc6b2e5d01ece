import { createRequire } from "node:module"

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
      const { protocol, hostname, port } = new URL(options.apiUrl)
      this.stripe_._setApiField("host", hostname)
      this.stripe_._setApiField("port", port || (protocol === "http:" ? "80" : "443"))
      this.stripe_._setApiField("protocol", protocol.replace(":", ""))
    }
  }

/** Medusa's providers for cards and wallets, as they are: `pp_stripe_stripe`, and others of its kind. Runs inside Medusa. */
export default { services: services.map(led) }
