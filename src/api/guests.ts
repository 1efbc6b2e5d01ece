import type {
  AuthContext,
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaRequest,
  MedusaResponse,
} from "@medusajs/framework/http"
import { ContainerRegistrationKeys, Modules } from "@medusajs/framework/utils"
import { loadConfig } from "../config.ts"
import { isThere, rowsOf } from "./rows.ts"

const { cartAccess } = loadConfig()

/**
 * Medusa takes who types the e-mail address of an account for who has it: his cart shows its name and its telephone
 * number, and has its prices. Here he is a guest with this address, as where the counter answers itself
 * (`findOrCreateCustomer`): where a cart is a guest's already, Medusa looks among guests alone.
 *
 * Runs inside Medusa, whichever way a request has come. What it has made goes again when the request fails.
 */
export async function asGuest(req: MedusaRequest, res: MedusaResponse, next: MedusaNextFunction): Promise<void> {
  const { email } = (req.body ?? {}) as { email?: unknown }
  if (cartAccess === "id" || typeof email !== "string") return next()
  const address = email.toLowerCase()
  const { id: cartId } = req.params
  const isKnown = cartId === undefined ? Boolean(loggedIn(req)?.actor_id) : !(await isNobodys(req, cartId))
  if (isKnown || !(await hasAccount(req, address))) return next()

  const customers = req.scope.resolve(Modules.CUSTOMER)
  const [found] = await customers.listCustomers({ email: address, has_account: false })
  const guest = found ?? (await customers.createCustomers({ email: address }))
  if (cartId === undefined) actAs(req, guest.id)
  else await give(req, cartId, guest.id)
  res.once("finish", () => {
    if (res.statusCode < 400) return
    undo(req, { cartId, guestId: guest.id, isNew: !found }).catch((error: Error) =>
      req.scope.resolve(ContainerRegistrationKeys.LOGGER).error(`A guest stays who was made in vain: ${error.name}`),
    )
  })
  next()
}

const loggedIn = (req: MedusaRequest) => (req as Partial<AuthenticatedMedusaRequest>).auth_context

/** A new cart is of whom Medusa's route is told by this, and by nothing else. */
function actAs(req: MedusaRequest, customerId: string): void {
  const guest: AuthContext = {
    ...{ actor_id: customerId, actor_type: "customer", auth_identity_id: "" },
    ...{ app_metadata: {}, user_metadata: {} },
  }
  ;(req as AuthenticatedMedusaRequest).auth_context = guest
}

const isNobodys = (req: MedusaRequest, cartId: string) =>
  isThere(req, "select from cart where id = ? and customer_id is null and deleted_at is null", [cartId])

const hasAccount = (req: MedusaRequest, email: string) =>
  isThere(req, "select from customer where email = ? and has_account and deleted_at is null", [email])

const give = (req: MedusaRequest, cartId: string, customerId: string) =>
  rowsOf(req, "update cart set customer_id = ? where id = ? and customer_id is null", [customerId, cartId])

async function undo(
  req: MedusaRequest,
  { cartId, guestId, isNew }: { cartId: string | undefined; guestId: string; isNew: boolean },
): Promise<void> {
  if (cartId !== undefined) {
    await rowsOf(req, "update cart set customer_id = null where id = ? and customer_id = ? and email is null", [
      ...[cartId, guestId],
    ])
  }
  if (isNew) {
    await rowsOf(
      req,
      // Medusa's index is of carts that are not deleted.
      "delete from customer where id = ? and not exists (select from cart where customer_id = customer.id and deleted_at is null)",
      [guestId],
    )
  }
}
