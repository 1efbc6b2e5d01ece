import type { Paint } from "./paint.ts"

const label = (x: number, y: number, width: number, height: number, ink: string) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" fill="#fffaf0"/><path d="M${x + 16} ${y + height * 0.38}h${width - 32}M${x + 26} ${y + height * 0.62}h${width - 52}" stroke="${ink}" stroke-width="5" stroke-linecap="round"/>`

export const pantry = {
  oil: ({ main, dark, light }: Paint) => `
    <rect x="180" y="56" width="40" height="34" rx="6" fill="#3d3530"/><path d="M182 88h36v52c0 16 44 32 44 68v94c0 12-8 18-18 18h-88c-10 0-18-6-18-18v-94c0-36 44-52 44-68z" fill="${main}"/><path d="M208 88h10v52c0 16 44 32 44 68v94c0 12-8 18-18 18h-30c24-60 20-140-6-180z" fill="${dark}" opacity=".4"/>
    ${label(146, 214, 108, 76, dark)}<path d="M156 196c2-14 12-24 24-30" fill="none" stroke="${light}" stroke-width="8" stroke-linecap="round"/><g transform="translate(278 262)"><ellipse cx="30" cy="44" rx="16" ry="20" fill="#6d7a3c"/><ellipse cx="62" cy="46" rx="14" ry="17" fill="#4f5a2e"/><path d="M12 24c20-20 44-20 62-8-20 14-44 16-62 8z" fill="#8c9a66"/></g>`,
  honey: ({ main, dark, light, wood }: Paint) => `
    <path d="M132 132h136c24 24 34 52 34 86 0 44-20 102-52 102H150c-32 0-52-58-52-102 0-34 10-62 34-86z" fill="${main}"/><path d="M240 132h28c24 24 34 52 34 86 0 44-20 102-52 102h-26c34-50 42-130 16-188z" fill="${dark}" opacity=".35"/>
    <rect x="118" y="96" width="164" height="42" rx="12" fill="${wood}"/>${label(138, 190, 124, 78, dark)}<path d="M118 190c-6 22-6 46 0 68" fill="none" stroke="${light}" stroke-width="9" stroke-linecap="round"/><path d="M300 84l-60 8" stroke="#8a5f38" stroke-width="0"/>
    <g transform="rotate(24 318 220)"><path d="M318 120v110" stroke="#8a5f38" stroke-width="9" stroke-linecap="round"/><rect x="298" y="226" width="40" height="56" rx="16" fill="${wood}"/><path d="M300 242h36M299 256h38M302 270h32" stroke="#8a5f38" stroke-width="4"/></g>`,
  jam: ({ main, dark, light }: Paint) => `
    <path d="M126 148h148c14 8 20 20 20 36v112c0 16-8 24-24 24H130c-16 0-24-8-24-24V184c0-16 6-28 20-36z" fill="${main}"/><path d="M250 148h24c14 8 20 20 20 36v112c0 16-8 24-24 24h-34c20-50 24-120 14-172z" fill="${dark}" opacity=".35"/>
    <path d="M108 112c20-24 164-24 184 0l12 40-26-8-24 12-26-12-28 12-28-12-26 12-24-12-26 8z" fill="#fffaf0"/><path d="M122 124h156M146 108v36M200 100v44M254 108v36M172 104v42M228 104v42" stroke="${main}" stroke-width="5" opacity=".6"/><path d="M116 146h168" stroke="${dark}" stroke-width="8"/>
    ${label(136, 200, 128, 82, dark)}<path d="M122 192v84" stroke="${light}" stroke-width="8" stroke-linecap="round"/>`,
  chocolate: ({ main, dark, light }: Paint) => `
    <g transform="rotate(-12 200 210)"><rect x="122" y="76" width="156" height="120" rx="6" fill="${main}"/>${[0, 1, 2].flatMap((column) => [0, 1].map((row) => `<rect x="${132 + column * 48}" y="${86 + row * 52}" width="40" height="44" rx="4" fill="${dark}"/><path d="M${138 + column * 48} ${92 + row * 52}h28" stroke="${light}" stroke-width="4" opacity=".6"/>`)).join("")}
    <path d="M116 178l14 10 14-12 14 12 14-12 14 12 14-12 14 12 14-12 14 12 14-12 14 12 12-10v148c0 6-4 10-10 10H126c-6 0-10-4-10-10z" fill="#3f6b6b"/><path d="M262 178l14 10 8-7v145c0 6-4 10-10 10h-30c14-50 18-100 18-158z" fill="#2b1d12" opacity=".2"/>${label(140, 226, 120, 74, main)}</g>`,
  tin: ({ main, dark, light }: Paint) => `
    <path d="M110 148h180v150c0 12-40 22-90 22s-90-10-90-22z" fill="${main}"/><path d="M246 148h44v150c0 8-18 15-44 19z" fill="${dark}" opacity=".32"/><ellipse cx="200" cy="148" rx="90" ry="22" fill="${dark}"/><path d="M104 112h192v34c0 12-42 24-96 24s-96-12-96-24z" fill="${light}"/><ellipse cx="200" cy="112" rx="96" ry="24" fill="${main}"/><ellipse cx="200" cy="112" rx="80" ry="17" fill="${light}" opacity=".6"/>
    <circle cx="200" cy="242" r="48" fill="#fffaf0"/><path d="M200 212c22 16 22 44 0 62-22-18-22-46 0-62zM172 238c14 0 24 10 28 28M228 238c-14 0-24 10-28 28" fill="none" stroke="${dark}" stroke-width="5"/>`,
  coffeebag: ({ main, dark, light }: Paint) => `
    <path d="M122 104h156l14 204c0 8-6 12-12 12H120c-6 0-12-4-12-12z" fill="${main}"/><path d="M238 104h40l14 204c0 8-6 12-12 12h-38c10-70 8-140-4-216z" fill="${dark}" opacity=".35"/><path d="M116 76h168v36H116z" fill="${dark}"/><path d="M116 94h168" stroke="${light}" stroke-width="5" stroke-dasharray="10 7"/><path d="M150 78h100" stroke="#c39a4a" stroke-width="8"/>
    <rect x="140" y="152" width="120" height="122" rx="8" fill="#fffaf0"/><g transform="rotate(28 200 204)"><ellipse cx="200" cy="204" rx="24" ry="34" fill="${dark}"/><path d="M200 172c-14 20 14 42 0 64" fill="none" stroke="#fffaf0" stroke-width="5"/></g><path d="M166 256h68" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>`,
  sack: ({ main, dark, light, wood }: Paint) => `
    <path d="M158 118c-30-18-34-40-20-52 40 14 84 14 124 0 14 12 10 34-20 52z" fill="${main}"/><path d="M160 124h80c40 30 68 84 62 160-2 24-18 36-42 36H140c-24 0-40-12-42-36-6-76 22-130 62-160z" fill="${main}"/><path d="M230 124h10c40 30 68 84 62 160-2 24-18 36-42 36h-24c32-60 28-140-6-196z" fill="${dark}" opacity=".28"/>
    <path d="M154 120h92" stroke="${wood}" stroke-width="12" stroke-linecap="round"/><path d="M240 122l22 34" stroke="${wood}" stroke-width="7" stroke-linecap="round"/><circle cx="200" cy="232" r="50" fill="${light}"/><path d="M200 268v-60M200 222c-16-2-22-12-22-24 14 0 22 8 22 24zM200 222c16-2 22-12 22-24-14 0-22 8-22 24zM200 250c-16-2-22-12-22-24 14 0 22 8 22 24zM200 250c16-2 22-12 22-24-14 0-22 8-22 24z" fill="${wood}" stroke="${wood}" stroke-width="3"/>`,
  spice: ({ main, dark, light, wood }: Paint) => `
    <path d="M142 146h116v150c0 16-8 24-24 24h-68c-16 0-24-8-24-24z" fill="${light}"/><path d="M142 196h116v100c0 16-8 24-24 24h-68c-16 0-24-8-24-24z" fill="#f4f1ea"/><g fill="${dark}">${[
      [164, 216],
      [190, 206],
      [226, 214],
      [242, 288],
      [166, 292],
      [214, 302],
      [186, 308],
    ]
      .map(([x = 0, y = 0]) => `<circle cx="${x}" cy="${y}" r="4"/>`)
      .join("")}</g>
    <path d="M142 146h116v150c0 16-8 24-24 24h-68c-16 0-24-8-24-24z" fill="none" stroke="${main}" stroke-width="7"/><rect x="148" y="94" width="104" height="54" rx="10" fill="${wood}"/>${label(154, 226, 92, 56, dark)}<path d="M276 320c8-60 30-90 56-104-2 34-20 66-56 104zM276 320c-4-40 4-66 18-84" fill="none" stroke="#6d7a4b" stroke-width="7" stroke-linecap="round"/>`,
  book: ({ main, dark, light }: Paint) => `
    <g transform="rotate(-6 200 200)"><path d="M116 84c0-10 6-16 16-16h156v236H132c-10 0-16 6-16 16z" fill="${main}"/><path d="M116 84c0-10 6-16 16-16h10v236h-10c-10 0-16 6-16 16z" fill="${dark}"/><path d="M288 304H132c-20 0-20 30 0 30h156z" fill="#fbf6ea"/><path d="M136 314h152M136 324h152" stroke="#d8ccb6" stroke-width="3"/><path d="M288 334H132c-22 0-22-30 0-30" fill="none" stroke="${dark}" stroke-width="5"/>
    <circle cx="214" cy="156" r="46" fill="${light}"/><path d="M176 178c20-28 34-10 44-22 12-14 26-4 36 14-14 34-60 42-80 8z" fill="${dark}"/><circle cx="228" cy="136" r="12" fill="#f4c067"/><path d="M172 236h86M186 258h58" stroke="#fffaf0" stroke-width="8" stroke-linecap="round"/></g>`,
  notebook: ({ main, dark, light, wood }: Paint) => `
    <g transform="rotate(5 200 200)"><rect x="118" y="76" width="170" height="246" rx="12" fill="${dark}"/><rect x="112" y="70" width="170" height="246" rx="12" fill="${main}"/><path d="M252 70v246" stroke="${light}" stroke-width="7"/><rect x="138" y="118" width="92" height="58" rx="6" fill="#fffaf0"/><path d="M152 138h64M160 156h48" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>
    <path d="M180 316v30l10-9 10 9v-30z" fill="#f4c067"/></g><g transform="rotate(22 318 220)"><rect x="308" y="110" width="20" height="180" fill="${wood}"/><path d="M308 290h20l-10 34z" fill="#f3ddbd"/><path d="M314 312h8l-4 12z" fill="#3d3530"/><rect x="308" y="98" width="20" height="20" rx="5" fill="#e3b3a8"/></g>`,
}
