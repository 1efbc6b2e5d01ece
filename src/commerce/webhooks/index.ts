export { Unreachable } from "./addresses.ts"
export { DELIVERY_STATUSES, type Delivery, listDeliveries, retryDelivery } from "./deliveries.ts"
export {
  createEndpoint,
  type Endpoint,
  findEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
  updateEndpoint,
} from "./endpoints.ts"
export { askForReplay, ReplayRunning, UnknownEvent } from "./replay.ts"
export { isSecret } from "./signing.ts"
export { openWebhooks, type Webhooks } from "./webhooks.ts"
