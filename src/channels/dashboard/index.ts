export { addDashboard } from "./dashboard.ts"
