export { openPresence, type Presence, type Viewer, viewersOf } from "./presence.ts"
export { issueTicket, takeTicket } from "./tickets.ts"
