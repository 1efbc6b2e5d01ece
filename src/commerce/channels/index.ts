export {
  ACTIVITIES,
  type Activity,
  CHANNEL_KINDS,
  type Channel,
  type ChannelKind,
  refusalOf,
} from "./channel.ts"
export { type Channels, loadChannels } from "./held.ts"
export {
  type ChannelFilter,
  ChannelRefused,
  type ChannelSettings,
  createChannel,
  listChannels,
  removeChannel,
  updateChannel,
} from "./rows.ts"
