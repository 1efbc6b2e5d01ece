import type { DemoConfig } from "./config.ts"
import { ask, type Door, logInWithPassword } from "./door.ts"

/** A shopper's device: a publishable key, and later his log-in, or the token of a cart that was handed over to it. */
export function shopperDoor({ channels }: DemoConfig, name: "web" | "app", device: string): Door {
  const key = channels[name].publishable_key
  return {
    ...{ name, room: "/store" },
    headers: { "x-publishable-api-key": key, "x-device-id": device },
    inAddress: { publishable_api_key: key },
  }
}

/** A till: the device shows its token, and who signed in there his. */
export function tillDoor({ till }: DemoConfig): Door {
  const door: Door = {
    ...{ name: "pos", room: "/pos", inAddress: {} },
    headers: { authorization: `Bearer ${till.token}`, "x-till-session": "" },
    async logIn() {
      const { email, pin } = till.cashier
      const signIn = { ...door, logIn: undefined, headers: { authorization: `Bearer ${till.token}` } }
      const { body } = await ask<{ session: { token: string } }>(signIn, "POST", "/sessions", { email, pin })
      door.headers["x-till-session"] = body.session.token
    },
  }
  return door
}

/** The agent's desk: Medusa's log-in. */
export function agentDoor({ agent }: DemoConfig): Door {
  const door: Door = {
    ...{ name: "phone", room: "/agent", inAddress: {}, headers: { "x-device-id": "desk" } },
    async logIn() {
      door.headers.authorization = `Bearer ${await logInWithPassword("user", agent)}`
    },
  }
  return door
}
