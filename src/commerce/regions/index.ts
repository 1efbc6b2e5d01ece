export { type Country, loadRegions, type Region, type RegionFilter, type Regions } from "./regions.ts"
