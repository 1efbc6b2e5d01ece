import type { Paint } from "./paint.ts"

const hanger = (wood: string) =>
  `<path d="M200 92c0-14 16-14 16-26 0-18-28-18-28-2" fill="none" stroke="${wood}" stroke-width="7" stroke-linecap="round"/>`

const upper = "M158 92c14 18 70 18 84 0l52 22 34 72-42 22-18-28v140H132V180l-18 28-42-22 34-72z"
const longSleeves =
  "M158 92c14 16 70 16 84 0l46 18c14 6 20 16 24 32l26 132-40 8-24-96v134H126V186l-24 96-40-8 26-132c4-16 10-26 24-32z"
const shade = "M242 92l46 18c14 6 20 16 24 32l26 132-40 8-24-96v134h-36c22-72 26-150 4-228z"

const espadrille = (x: number, y: number, upper: string, inside: string, edge: string, sole: string) =>
  `<g transform="translate(${x} ${y})"><path d="M58 292l6-72c2-18 22-22 36-10 22 22 60 34 98 24 18-4 34 0 52 8 38 16 58 30 62 50z" fill="${upper}"/>
    <path d="M64 220c2-18 22-22 36-10 22 22 60 34 98 24-30 34-112 36-134-14z" fill="${inside}"/><path d="M214 238c-4 18-2 34 8 50" fill="none" stroke="${edge}" stroke-width="5" stroke-dasharray="8 6"/>
    <path d="M52 284h262c12 0 14 36-8 36H64c-16 0-20-20-12-36z" fill="${sole}"/><path d="M60 297h250M62 309h246" stroke="#8a5f38" stroke-width="4" stroke-dasharray="9 6"/></g>`

export const wardrobe = {
  tshirt: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${upper}" fill="${main}"/><path d="M242 92l52 22 34 72-42 22-18-28v140h-36c20-70 26-150 10-228z" fill="${dark}" opacity=".22"/>
    <path d="M158 92c14 18 70 18 84 0l10 4c-16 34-88 34-104 0z" fill="${dark}" opacity=".55"/><path d="M146 300h108" stroke="${light}" stroke-width="4" stroke-dasharray="8 6"/>`,
  polo: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${upper}" fill="${main}"/><path d="M242 92l52 22 34 72-42 22-18-28v140h-36c20-70 26-150 10-228z" fill="${dark}" opacity=".22"/>
    <path d="M158 90l42 64-32 14-26-70zM242 90l-42 64 32 14 26-70z" fill="${light}"/><path d="M200 154v52" stroke="${dark}" stroke-width="5"/>
    ${[216, 240, 264, 288].map((y) => `<path d="M140 ${y}h120" stroke="${dark}" stroke-width="4" stroke-dasharray="3 7" opacity=".6"/>`).join("")}`,
  shirt: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${longSleeves}" fill="${main}"/><path d="${shade}" fill="${dark}" opacity=".22"/>
    <path d="M158 90l42 50-36 24-22-64zM242 90l-42 50 36 24 22-64z" fill="${light}"/><path d="M200 140v180" stroke="${dark}" stroke-width="4" opacity=".7"/>
    <g fill="${dark}">${[170, 206, 242, 278].map((y) => `<circle cx="208" cy="${y}" r="5"/>`).join("")}</g><path d="M222 190h36v34c-10 8-26 8-36 0z" fill="${dark}" opacity=".25"/><path d="M66 252l40 8M334 252l-40 8" stroke="${light}" stroke-width="7"/>`,
  sweater: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${longSleeves}" fill="${main}"/><path d="${shade}" fill="${dark}" opacity=".22"/>
    <path d="M156 92c14 20 74 20 88 0l10 6c-16 36-92 36-108 0z" fill="${dark}"/>
    <g fill="none" stroke="${light}" stroke-width="5" opacity=".85">${[164, 200, 236].map((x) => `<path d="M${x} 146l-9 12 9 12 9-12zM${x} 178l-9 12 9 12 9-12zM${x} 210l-9 12 9 12 9-12zM${x} 242l-9 12 9 12 9-12z"/>`).join("")}</g>
    <path d="M126 292h148v28H126z" fill="${dark}"/><path d="M140 292v28M156 292v28M172 292v28M188 292v28M204 292v28M220 292v28M236 292v28M252 292v28M264 292v28" stroke="${main}" stroke-width="4"/>
    <path d="M62 272l40 10 4-20-40-10zM338 272l-40 10-4-20 40-10z" fill="${dark}"/>`,
  cardigan: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${longSleeves}" fill="${main}"/><path d="${shade}" fill="${dark}" opacity=".22"/><path d="M158 92l42 96 42-96 14 6-44 110v112h-24V208L144 98z" fill="${dark}" opacity=".7"/>
    <path d="M168 96l32 74 32-74c-20 10-44 10-64 0z" fill="#fffaf0"/><g fill="${wood}">${[222, 252, 282].map((y) => `<circle cx="200" cy="${y}" r="7"/>`).join("")}</g>
    <path d="M138 250h40v44h-40zM222 250h40v44h-40z" fill="${light}" opacity=".55"/><path d="M126 306h148v14H126z" fill="${dark}"/>`,
  hoodie: ({ main, dark, light }: Paint) => `
    <path d="M146 116c-8-62 116-62 108 0l-54 30z" fill="${dark}"/><path d="M164 112c0-36 72-36 72 0l-36 26z" fill="${main}" opacity=".45"/>
    <path d="${longSleeves}" fill="${main}"/><path d="${shade}" fill="${dark}" opacity=".22"/><path d="M156 92c14 22 74 22 88 0l12 8c-20 44-92 44-112 0z" fill="${dark}"/>
    <path d="M184 122v52M216 122v46" stroke="${light}" stroke-width="6" stroke-linecap="round"/><path d="M158 232h84l18 56H140z" fill="${dark}" opacity=".35"/><path d="M126 298h148v22H126z" fill="${dark}" opacity=".6"/>`,
  jacket: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="${longSleeves}" fill="${main}"/><path d="${shade}" fill="${dark}" opacity=".22"/>
    ${[146, 164, 182, 218, 236, 254].map((x) => `<path d="M${x} 150v166" stroke="${light}" stroke-width="3" opacity=".4"/>`).join("")}
    <path d="M158 90l42 50-40 26-22-66zM242 90l-42 50 40 26 22-66z" fill="${dark}"/><path d="M200 140v180" stroke="${dark}" stroke-width="5"/><g fill="${wood}">${[172, 208, 244, 280].map((y) => `<circle cx="200" cy="${y}" r="6"/>`).join("")}</g>
    <path d="M140 186h44v42l-22 10-22-10zM216 186h44v42l-22 10-22-10z" fill="${dark}" opacity=".5"/>`,
  coat: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="M158 90c14 14 70 14 84 0l48 20c12 6 18 14 22 30l24 128-38 8-22-86 12 134H112l12-134-22 86-38-8 24-128c4-16 10-24 22-30z" fill="${main}"/><path d="M242 90l48 20c12 6 18 14 22 30l24 128-38 8-22-86 12 134h-44c18-76 22-156-2-234z" fill="${dark}" opacity=".25"/>
    <path d="M156 90l44 58-42 26-24-74zM244 90l-44 58 42 26 24-74z" fill="${dark}"/><path d="M200 148v176" stroke="${dark}" stroke-width="5"/><path d="M122 222h156v18H122z" fill="${dark}"/><rect x="186" y="216" width="30" height="30" rx="5" fill="none" stroke="${wood}" stroke-width="6"/>
    <g fill="${light}">${[178, 200, 264, 290].map((y) => `<circle cx="178" cy="${y}" r="5"/><circle cx="222" cy="${y}" r="5"/>`).join("")}</g><path d="M130 268l34 8M270 268l-34 8" stroke="${dark}" stroke-width="8" stroke-linecap="round"/>`,
  dress: ({ main, dark, light, wood }: Paint) => `${hanger(wood)}
    <path d="M162 88c12 22 64 22 76 0l40 20 18 56-36 14-10-16-6 44c16 44 40 80 52 116H104c12-36 36-72 52-116l-6-44-10 16-36-14 18-56z" fill="${main}"/><path d="M238 88l40 20 18 56-36 14-10-16-6 44c16 44 40 80 52 116h-58c6-80 18-150 0-234z" fill="${dark}" opacity=".22"/>
    <path d="M162 88c12 22 64 22 76 0l10 6c-14 34-82 34-96 0z" fill="${light}"/><path d="M154 200h92v16h-92z" fill="${dark}"/><path d="M188 216l-8 44M198 216l2 40" stroke="${dark}" stroke-width="7" stroke-linecap="round"/>
    <path d="M166 230c-8 34-20 60-28 90M232 230c8 34 20 60 28 90M206 260v60" fill="none" stroke="${dark}" stroke-width="4" opacity=".4"/>`,
  skirt: ({ main, dark, light }: Paint) => `
    <path d="M152 108h96c6 70 44 130 58 194-66 26-146 26-212 0 14-64 52-124 58-194z" fill="${main}"/><path d="M230 108h18c6 70 44 130 58 194-24 10-50 16-76 18 14-70 12-140 0-212z" fill="${dark}" opacity=".25"/>
    <rect x="146" y="94" width="108" height="26" rx="8" fill="${dark}"/><path d="M168 130c-8 60-28 110-40 176M200 130v188M226 130c8 60 26 110 38 176" fill="none" stroke="${dark}" stroke-width="4" opacity=".45"/><path d="M106 290c60 22 128 22 188 0" fill="none" stroke="${light}" stroke-width="5" stroke-dasharray="9 7"/>`,
  trousers: ({ main, dark, light, wood }: Paint) => `
    <path d="M140 76h120l22 236c0 6-4 10-10 10h-46c-6 0-10-4-10-10l-16-144-16 144c0 6-4 10-10 10h-46c-6 0-10-4-10-10z" fill="${main}"/><path d="M236 76h24l22 236c0 6-4 10-10 10h-26c8-80 4-160-10-246z" fill="${dark}" opacity=".3"/>
    <path d="M138 76h124l2 24H136z" fill="${dark}"/><path d="M200 100v66" stroke="${dark}" stroke-width="5"/><path d="M140 118c16 4 26 14 28 32M260 118c-16 4-26 14-28 32" fill="none" stroke="${light}" stroke-width="4" stroke-dasharray="7 5"/><circle cx="200" cy="88" r="6" fill="${wood}"/>
    <path d="M120 300h64M216 300h64" stroke="${light}" stroke-width="4" stroke-dasharray="8 6"/>`,
  socks: ({ main, dark, light }: Paint) => `
    <path d="M212 80h66v128c0 14 6 22 18 30l26 18c30 22 14 62-22 62h-34c-16 0-30-6-42-18l-18-20c-8-8-10-16-10-28z" fill="${dark}"/>
    <path d="M104 80h70v134c0 14 6 22 18 30l26 18c30 22 14 58-22 58h-34c-18 0-32-6-44-18l-18-22c-8-8-10-18-10-30z" fill="${main}"/><path d="M104 80h70v32h-70z" fill="${light}"/><path d="M212 80h66v32h-66z" fill="${main}"/>
    <path d="M90 244c14 2 26 16 28 36M206 256c-10 10-10 44 10 56" fill="none" stroke="${light}" stroke-width="6"/>${[138, 162, 186, 210].map((y) => `<path d="M104 ${y}l14 10 14-10 14 10 14-10 14 10" fill="none" stroke="${light}" stroke-width="4" opacity=".9"/>`).join("")}`,
  beanie: ({ main, dark, light }: Paint) => `
    <circle cx="200" cy="94" r="32" fill="${light}"/><path d="M100 252c0-96 40-144 100-144s100 48 100 144z" fill="${main}"/><path d="M236 116c40 16 64 64 64 136h-42c4-56 0-104-22-136z" fill="${dark}" opacity=".3"/>
    ${[132, 156, 180, 204, 228, 252].map((x) => `<path d="M${x} ${x < 150 || x > 244 ? 176 : 132}v120" stroke="${dark}" stroke-width="4" opacity=".4"/>`).join("")}
    <rect x="88" y="246" width="224" height="62" rx="20" fill="${dark}"/>${Array.from({ length: 10 }, (_, rib) => `<path d="M${110 + rib * 20} 254v46" stroke="${main}" stroke-width="6" stroke-linecap="round"/>`).join("")}`,
  scarf: ({ main, dark, light }: Paint) => `
    <path d="M188 190l54-8 30 122-58 14z" fill="${dark}"/><path d="M166 190h58l-8 132h-64z" fill="${main}"/><path d="M112 150c10-74 166-74 176 0 4 44-34 62-88 62s-92-18-88-62z" fill="${main}"/><path d="M144 146c10-38 102-38 112 0-20 22-92 22-112 0z" fill="${dark}"/>
    <path d="M118 172c50 34 116 34 164 0M158 236h62M156 270h62M230 228l22-4M240 262l22-6" fill="none" stroke="${light}" stroke-width="7" opacity=".8"/><path d="M188 214v106M136 190l-8-60M262 190l12-58" stroke="${light}" stroke-width="5" opacity=".6"/>
    ${[156, 172, 188, 204].map((x) => `<path d="M${x} 322v16" stroke="${dark}" stroke-width="5" stroke-linecap="round"/>`).join("")}`,
  kerchief: ({ main, dark, light }: Paint) => `
    <path d="M200 320L66 148c40-34 228-34 268 0z" fill="${main}"/><path d="M66 148c40-34 228-34 268 0l-14 18c-50-28-190-28-240 0z" fill="${dark}"/>
    <g fill="${light}">${[
      [136, 190],
      [200, 182],
      [264, 190],
      [168, 228],
      [232, 228],
      [200, 270],
    ]
      .map(
        ([x = 0, y = 0]) =>
          `<circle cx="${x - 9}" cy="${y}" r="7"/><circle cx="${x + 9}" cy="${y}" r="7"/><circle cx="${x}" cy="${y - 9}" r="7"/><circle cx="${x}" cy="${y + 9}" r="7"/>`,
      )
      .join("")}</g><path d="M60 142l-26 30 34 4M340 142l26 30-34 4" fill="${dark}"/>`,
  hat: ({ main, dark, light }: Paint) => `
    <ellipse cx="200" cy="270" rx="152" ry="44" fill="${dark}"/><ellipse cx="200" cy="262" rx="152" ry="44" fill="${main}"/><path d="M116 254c-4-90 20-136 84-136s88 46 84 136c-46 24-122 24-168 0z" fill="${main}"/><path d="M240 126c34 18 46 62 44 128-14 8-32 13-50 16 16-50 18-100 6-144z" fill="${dark}" opacity=".35"/>
    <path d="M116 228c48 24 120 24 168 0v28c-46 24-122 24-168 0z" fill="#8a3040"/><path d="M70 262c30 22 74 30 130 30M150 140c-12 18-18 42-20 70" fill="none" stroke="${light}" stroke-width="6" stroke-linecap="round"/>`,
  tote: ({ main, dark, light, wood }: Paint) => `
    <path d="M146 176c0-110 108-110 108 0" fill="none" stroke="${wood}" stroke-width="13"/><path d="M104 156h192l18 150c0 8-6 14-14 14H100c-8 0-14-6-14-14z" fill="${main}"/><path d="M250 156h46l18 150c0 8-6 14-14 14h-46c6-60 6-116-4-164z" fill="${dark}" opacity=".28"/>
    <path d="M102 172h196" stroke="${dark}" stroke-width="6" opacity=".6"/><path d="M200 208c-34 0-46 30-30 52 10 14 20 20 30 30 10-10 20-16 30-30 16-22 4-52-30-52z" fill="${light}"/><path d="M200 290v-72M200 250l-18-16M200 266l18-16" stroke="${dark}" stroke-width="4" fill="none"/>`,
  backpack: ({ main, dark, light, wood }: Paint) => `
    <path d="M170 92c0-34 60-34 60 0" fill="none" stroke="${dark}" stroke-width="12"/><path d="M104 200l-22 92M296 200l22 92" stroke="${wood}" stroke-width="14" stroke-linecap="round"/>
    <path d="M108 160c0-46 28-74 68-74h48c40 0 68 28 68 74v132c0 18-10 28-28 28H136c-18 0-28-10-28-28z" fill="${main}"/><path d="M250 92c26 10 42 34 42 68v132c0 18-10 28-28 28h-30c20-70 28-150 16-228z" fill="${dark}" opacity=".3"/>
    <path d="M108 150h184v40c-40 26-144 26-184 0z" fill="${dark}" opacity=".75"/><rect x="134" y="226" width="132" height="72" rx="12" fill="${dark}" opacity=".45"/><path d="M160 176v44M240 176v44" stroke="${wood}" stroke-width="13"/><path d="M152 206h16M232 206h16" stroke="${light}" stroke-width="6"/>`,
  belt: ({ main, dark, light, wood }: Paint) => `
    <circle cx="200" cy="210" r="92" fill="none" stroke="${dark}" stroke-width="36"/><circle cx="200" cy="204" r="92" fill="none" stroke="${main}" stroke-width="34"/><circle cx="200" cy="204" r="92" fill="none" stroke="${light}" stroke-width="3" stroke-dasharray="10 8"/>
    <rect x="158" y="82" width="78" height="60" rx="10" fill="none" stroke="#c39a4a" stroke-width="12"/><path d="M196 112h56" stroke="#c39a4a" stroke-width="9" stroke-linecap="round"/><path d="M252 96l64 20c10 4 10 18 0 22l-64-6z" fill="${main}"/><g fill="${wood}"><circle cx="270" cy="116" r="4"/><circle cx="290" cy="122" r="4"/></g>`,
  shoes: ({ main, dark, light, wood }: Paint) =>
    `${espadrille(46, -64, dark, dark, main, wood)}${espadrille(0, 0, main, dark, light, wood)}`,
  umbrella: ({ main, dark, light, wood }: Paint) => `
    <path d="M200 176v118c0 34 50 34 50 0" fill="none" stroke="${wood}" stroke-width="12" stroke-linecap="round"/><path d="M200 66v20" stroke="${wood}" stroke-width="9" stroke-linecap="round"/>
    <path d="M58 210C66 126 126 82 200 82s134 44 142 128c-16-22-56-22-72 0-18-22-52-22-70 0-18-22-52-22-70 0-16-22-56-22-72 0z" fill="${main}"/><path d="M200 82c-46 28-66 74-70 128 18-22 52-22 70 0 18-22 52-22 70 0-4-54-24-100-70-128z" fill="${dark}" opacity=".45"/><path d="M92 176c10-28 28-50 54-64" fill="none" stroke="${light}" stroke-width="8" stroke-linecap="round"/>`,
}
