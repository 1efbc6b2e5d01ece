import type { Paint } from "./paint.ts"

export const rooms = {
  bed: ({ main, dark, light, wood }: Paint) => `
    <path d="M72 150c0-22 14-34 34-34h188c20 0 34 12 34 34v110H72z" fill="${wood}"/><rect x="62" y="292" width="14" height="34" fill="#7c5433"/><rect x="324" y="292" width="14" height="34" fill="#7c5433"/>
    <rect x="56" y="214" width="288" height="86" rx="16" fill="#fbf6ea"/><rect x="94" y="174" width="98" height="56" rx="22" fill="${light}"/><rect x="208" y="174" width="98" height="56" rx="22" fill="${light}"/>
    <path d="M56 238c60-16 220-16 288 0v50c0 12-8 20-20 20H76c-12 0-20-8-20-20z" fill="${main}"/><path d="M56 238c60-16 220-16 288 0v18c-70-16-228-16-288 0z" fill="${light}"/>
    <path d="M130 262c6 16 2 30-4 46M262 260c-8 18-2 32 6 48" fill="none" stroke="${dark}" stroke-width="4" opacity=".4"/>`,
  blanket: ({ main, dark, light }: Paint) => `
    ${[282, 240, 198].map((y, fold) => `<rect x="${92 + fold * 6}" y="${y}" width="${216 - fold * 12}" height="40" rx="20" fill="${fold % 2 ? light : main}"/><path d="M${110 + fold * 6} ${y + 20}h${180 - fold * 12}" stroke="${dark}" stroke-width="4" stroke-dasharray="12 9" opacity=".5"/>`).join("")}
    <path d="M120 198c0-22 14-36 36-36h94c22 0 36 14 36 36v4H120z" fill="${main}"/><path d="M150 162v40M180 162v40M210 162v40M240 162v40" stroke="${light}" stroke-width="6" opacity=".7"/>
    ${[0, 1, 2, 3, 4, 5].map((fringe) => `<path d="M${302 - (fringe % 2) * 3} ${206 + fringe * 18}h20" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>`).join("")}`,
  pillow: ({ main, dark, light }: Paint) => `
    <path d="M74 188c-14-18 4-38 26-30 66-14 134-14 200 0 22-8 40 12 26 30 10 34 10 64 0 92 14 18-4 38-26 30-66 14-134 14-200 0-22 8-40-12-26-30-10-28-10-58 0-92z" fill="${main}"/>
    <path d="M326 188c10 34 10 64 0 92 14 18-4 38-26 30-66 14-134 14-200 0 100-2 196-30 226-122z" fill="${dark}" opacity=".25"/>
    <path d="M112 184c50-12 100-12 140-6" fill="none" stroke="${light}" stroke-width="8" stroke-linecap="round"/>`,
  cushion: ({ main, dark, light }: Paint) => `
    <path d="M96 122c-8-16 8-30 24-22 52 10 108 10 160 0 16-8 32 6 24 22-12 58-12 112 0 168 8 16-8 30-24 22-52-10-108-10-160 0-16 8-32-6-24-22 12-56 12-110 0-168z" fill="${main}"/>
    <path d="M304 122c-12 58-12 112 0 168 8 16-8 30-24 22-52-10-108-10-160 0 90-30 158-92 184-190z" fill="${dark}" opacity=".3"/>
    <path d="M200 150c24 22 24 88 0 118-24-30-24-96 0-118zM148 186c24 2 46 22 52 52-26-2-48-22-52-52zM252 186c-24 2-46 22-52 52 26-2 48-22 52-52z" fill="${light}" opacity=".75"/>`,
  towels: ({ main, dark, light }: Paint) => `
    ${[274, 230, 186, 142].map((y, row) => `<rect x="104" y="${y}" width="192" height="46" rx="20" fill="${row % 2 ? light : main}"/><path d="M296 ${y + 23}a20 23 0 0 1-20 23h-20v-46h20a20 23 0 0 1 20 23z" fill="${dark}" opacity=".25"/><path d="M128 ${y + 30}h110" stroke="${dark}" stroke-width="4" opacity=".35" stroke-linecap="round"/>`).join("")}
    <path d="M180 132c10-34 34-44 62-44-2 30-24 48-62 44z" fill="#82935f"/><path d="M184 132c16-14 30-24 46-34" stroke="#5c6a40" stroke-width="4" fill="none"/>`,
  robe: ({ main, dark, light, wood }: Paint) => `
    <path d="M200 70c-12-18 16-26 14-8 0 8-14 8-14 22" fill="none" stroke="${wood}" stroke-width="7"/>
    <path d="M156 96l44-14 44 14 60 32 14 118-36 6-14-56 4 126H128l4-126-14 56-36-6 14-118z" fill="${main}"/><path d="M156 96l44 120 44-120 22 10-48 136-8 80h-20l-8-80-48-136z" fill="${light}"/>
    <path d="M132 218h136v20H132z" fill="${dark}"/><path d="M208 236l16 62M196 236l-6 56" stroke="${dark}" stroke-width="10" stroke-linecap="round"/><path d="M262 250l4 72h-30z" fill="${dark}" opacity=".2"/>`,
  rug: ({ main, dark, light }: Paint) => `
    <path d="M96 214h208l46 104H50z" fill="${main}"/><path d="M112 230h176l30 72H82z" fill="none" stroke="${light}" stroke-width="7"/>
    <g fill="${light}"><ellipse cx="160" cy="258" rx="20" ry="9"/><ellipse cx="222" cy="252" rx="24" ry="10"/><ellipse cx="252" cy="278" rx="22" ry="9"/><ellipse cx="186" cy="282" rx="26" ry="10"/><ellipse cx="128" cy="286" rx="16" ry="7"/></g>
    ${Array.from({ length: 13 }, (_, fringe) => `<path d="M${56 + fringe * 24} 318v10" stroke="${dark}" stroke-width="6" stroke-linecap="round"/>`).join("")}`,
  curtain: ({ main, dark, light, wood }: Paint) => `
    <rect x="128" y="106" width="144" height="190" fill="#dcebee"/><path d="M200 106v190M128 200h144" stroke="#fff" stroke-width="8"/>
    <path d="M66 92h268" stroke="${wood}" stroke-width="12" stroke-linecap="round"/><circle cx="62" cy="92" r="11" fill="${wood}"/><circle cx="338" cy="92" r="11" fill="${wood}"/>
    <path d="M80 98h96c2 84-14 150-34 224H80zM320 98h-96c-2 84 14 150 34 224h62z" fill="${main}"/>
    <path d="M104 98v224M130 98c0 90-4 160-10 224M296 98v224M270 98c0 90 4 160 10 224" fill="none" stroke="${dark}" stroke-width="5" opacity=".4"/><path d="M92 98v224M308 98v224" stroke="${light}" stroke-width="6"/>`,
  lamp: ({ main, dark, light, wood }: Paint) => `
    <circle cx="200" cy="170" r="132" fill="#fff3c9" opacity=".55"/><path d="M190 196h20v96h-20z" fill="${wood}"/><path d="M138 320c0-20 26-32 62-32s62 12 62 32z" fill="${dark}"/>
    <path d="M96 202c0-66 46-110 104-110s104 44 104 110c0 8-6 14-14 14H110c-8 0-14-6-14-14z" fill="${main}"/><path d="M240 100c38 18 64 54 64 102 0 8-6 14-14 14h-40c16-38 14-82-10-116z" fill="${dark}" opacity=".3"/>
    <path d="M124 186c4-32 20-54 44-66" fill="none" stroke="${light}" stroke-width="10" stroke-linecap="round"/><ellipse cx="200" cy="216" rx="60" ry="7" fill="#ffe9a6"/>`,
  pendant: ({ main, dark, light }: Paint) => `
    <path d="M200 20v80" stroke="#4a423b" stroke-width="5"/><path d="M98 236h204l36 90H62z" fill="#fff3c9" opacity=".5"/>
    <path d="M172 96h56c10 0 16 6 20 16 14 40 38 66 62 104 6 12 0 24-14 24H104c-14 0-20-12-14-24 24-38 48-64 62-104 4-10 10-16 20-16z" fill="${main}"/>
    <path d="M150 122h100M136 152h128M118 184h164M100 214h200" stroke="${dark}" stroke-width="5" opacity=".6"/><path d="M180 96l-44 144M220 96l44 144M200 96v144M164 100l-68 132M236 100l68 132" stroke="${light}" stroke-width="4" opacity=".8"/>
    <ellipse cx="200" cy="242" rx="88" ry="10" fill="#ffe9a6"/>`,
  vase: ({ main, dark, light }: Paint) => `
    <path d="M198 150c-6-40-38-62-58-92M204 150c4-44 30-64 50-96M200 150V44" fill="none" stroke="#6d7a4b" stroke-width="5"/>
    <g fill="#8c9a66"><ellipse cx="140" cy="60" rx="11" ry="22" transform="rotate(-30 140 60)"/><ellipse cx="168" cy="92" rx="10" ry="20" transform="rotate(-60 168 92)"/><ellipse cx="254" cy="56" rx="11" ry="22" transform="rotate(30 254 56)"/><ellipse cx="232" cy="96" rx="10" ry="20" transform="rotate(62 232 96)"/><ellipse cx="200" cy="46" rx="11" ry="24"/><ellipse cx="184" cy="116" rx="9" ry="18" transform="rotate(-50 184 116)"/><ellipse cx="218" cy="120" rx="9" ry="18" transform="rotate(54 218 120)"/></g>
    <path d="M168 146h64c-2 24 46 50 46 98 0 44-24 76-46 76h-64c-22 0-46-32-46-76 0-48 48-74 46-98z" fill="${main}"/><path d="M226 146h6c-2 24 46 50 46 98 0 44-24 76-46 76h-20c34-40 34-130 14-174z" fill="${dark}" opacity=".35"/>
    <g fill="none" stroke="${light}" stroke-width="4" opacity=".8"><path d="M180 152c-2 40-26 60-26 98 0 32 8 54 18 68M200 152v168M220 152c2 40 26 60 26 98 0 32-8 54-18 68"/></g><ellipse cx="200" cy="146" rx="33" ry="8" fill="${dark}"/>`,
  candle: ({ main, dark, light }: Paint) => `
    <circle cx="200" cy="116" r="76" fill="#fff0bf" opacity=".6"/><path d="M200 72c22 28 24 50 0 60-24-10-22-32 0-60z" fill="#f0a63c"/><path d="M200 98c10 14 10 26 0 32-10-6-10-18 0-32z" fill="#fff2c4"/><path d="M200 128v26" stroke="#3d3530" stroke-width="5"/>
    <path d="M122 150h156v146c0 14-10 24-24 24H146c-14 0-24-10-24-24z" fill="${light}"/><path d="M122 168h156v128c0 14-10 24-24 24H146c-14 0-24-10-24-24z" fill="${main}"/><path d="M240 168h38v128c0 14-10 24-24 24h-26c10-40 12-90 12-152z" fill="${dark}" opacity=".3"/>
    <ellipse cx="200" cy="152" rx="78" ry="14" fill="#fffaf0"/><rect x="154" y="212" width="92" height="66" rx="6" fill="#fffaf0"/><path d="M172 234h56M172 248h56M182 262h36" stroke="${dark}" stroke-width="4" stroke-linecap="round"/>`,
  mirror: ({ main, dark }: Paint) => `
    <path d="M200 62l-42 50M200 62l42 50" stroke="#6d4a30" stroke-width="9"/><circle cx="200" cy="58" r="9" fill="${dark}"/><circle cx="200" cy="208" r="112" fill="${main}"/><circle cx="200" cy="208" r="98" fill="#dfe9ea"/>
    <path d="M130 246l108-108M150 274l134-134M120 208l58-58" stroke="#fff" stroke-width="13" stroke-linecap="round" opacity=".75"/><path d="M200 320a112 112 0 0 0 112-112h-14a98 98 0 0 1-98 98z" fill="${dark}" opacity=".5"/>`,
  frame: ({ main, dark, light }: Paint) => `
    <path d="M270 300l44 24-20-60z" fill="${dark}"/><rect x="104" y="74" width="192" height="246" rx="6" fill="${main}"/><path d="M104 320l26-26h140l26 26z" fill="${dark}" opacity=".4"/><rect x="126" y="96" width="148" height="202" fill="#fffaf0"/>
    <rect x="146" y="122" width="108" height="150" fill="#cfe0e3"/><circle cx="222" cy="154" r="16" fill="#f0c060"/><path d="M146 232l36-46 30 34 20-20 22 26v46H146z" fill="#7f9a84"/><path d="M112 82v230" stroke="${light}" stroke-width="4" opacity=".7"/>`,
  basket: ({ main, dark, light }: Paint) => `
    <path d="M118 176c0-52 44-52 44 0M238 176c0-52 44-52 44 0" fill="none" stroke="${dark}" stroke-width="12"/><path d="M130 168c0-40 40-60 66-34 30-22 74-4 74 34z" fill="#f3ece0"/><path d="M150 168c10-20 40-30 58-14" stroke="#d8c9b2" stroke-width="6" fill="none"/>
    <path d="M88 168h224l-24 132c-2 12-10 20-22 20H134c-12 0-20-8-22-20z" fill="${main}"/>
    ${[192, 220, 248, 276, 302].map((y, row) => `<path d="M${94 + row * 5} ${y}h${212 - row * 10}" stroke="${row % 2 ? light : dark}" stroke-width="9" stroke-dasharray="18 12" stroke-dashoffset="${row * 15}" opacity=".75"/>`).join("")}
    <rect x="80" y="160" width="240" height="18" rx="9" fill="${dark}"/>`,
  plant: ({ main, dark, light }: Paint) => `
    <g fill="#7d9a60"><path d="M200 218c-70-8-98-54-94-104 54 6 90 44 94 104z"/><path d="M200 218c70-8 98-54 94-104-54 6-90 44-94 104z"/></g><path d="M200 218c-34-44-34-104 0-148 34 44 34 104 0 148z" fill="#5f7f4c"/><path d="M200 218V96M200 218l-70-80M200 218l70-80" stroke="#4b663c" stroke-width="4" fill="none"/>
    <path d="M136 222h128l-16 88c-2 6-6 10-12 10h-72c-6 0-10-4-12-10z" fill="${main}"/><path d="M224 222h40l-16 88c-2 6-6 10-12 10h-24c8-30 12-62 12-98z" fill="${dark}" opacity=".35"/><rect x="126" y="206" width="148" height="28" rx="8" fill="${main}"/><rect x="126" y="226" width="148" height="8" rx="4" fill="${dark}" opacity=".5"/><path d="M158 248l8 56" stroke="${light}" stroke-width="7" stroke-linecap="round"/><rect x="130" y="314" width="140" height="10" rx="5" fill="${dark}"/>`,
  clock: ({ main, dark, light, ink }: Paint) => `
    <circle cx="200" cy="204" r="116" fill="${dark}"/><circle cx="200" cy="198" r="116" fill="${main}"/><circle cx="200" cy="198" r="92" fill="#fffaf0"/>
    ${Array.from({ length: 12 }, (_, hour) => `<path d="M200 ${hour % 3 ? 118 : 116}v${hour % 3 ? 8 : 16}" stroke="${hour % 3 ? light : dark}" stroke-width="6" stroke-linecap="round" transform="rotate(${hour * 30} 200 198)"/>`).join("")}
    <path d="M200 198l-36-36M200 198l52-30" stroke="${ink}" stroke-width="8" stroke-linecap="round"/><circle cx="200" cy="198" r="9" fill="${ink}"/>`,
  print: ({ main, dark, light }: Paint) => `
    <rect x="104" y="66" width="192" height="254" fill="#fffaf0"/><rect x="122" y="84" width="156" height="200" fill="${light}"/><circle cx="236" cy="128" r="20" fill="#f4c067"/>
    <path d="M122 196c36-22 60 14 96-4 24-12 40-10 60 0v92H122z" fill="${main}"/><path d="M122 234c40-20 70 16 110-4 18-8 32-8 46-2v56H122z" fill="${dark}"/><path d="M158 176l26-60 26 60z" fill="#fffaf0"/><path d="M184 116v70" stroke="${dark}" stroke-width="4"/><path d="M150 184h74l-10 14h-52z" fill="#8a5a3b"/><path d="M126 302h40M248 302h26" stroke="#b9ad9a" stroke-width="3"/>`,
  garland: ({ main, dark, ink }: Paint) => `
    ${[
      [78, 164],
      [138, 176],
      [200, 134],
      [262, 176],
      [322, 164],
    ]
      .map(
        ([x = 0, y = 0]) =>
          `<circle cx="${x}" cy="${y + 44}" r="42" fill="#fff0bf" opacity=".6"/><rect x="${x - 9}" y="${y - 4}" width="18" height="22" rx="4" fill="${dark}"/><path d="M${x} ${y + 78}c-30-14-26-46-12-62h24c14 16 18 48-12 62z" fill="${main}"/>`,
      )
      .join("")}
    <path d="M30 96c40 96 120 108 170 40 50 68 130 56 170-40" fill="none" stroke="${ink}" stroke-width="6"/>`,
}
