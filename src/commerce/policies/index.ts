export { type CancellationPolicy, loadPolicies, type Policies, type PoliciesHolder } from "./policies.ts"
