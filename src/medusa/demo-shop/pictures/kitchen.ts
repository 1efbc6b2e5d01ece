import type { Paint } from "./paint.ts"

/*
 * Motifs stand on the line y = 320 of a square of 400, in the middle, and are about 200 high.
 */

export const kitchen = {
  mug: ({ main, dark, light }: Paint) => `
    <path d="M252 190h24c44 0 44 84-8 88h-22" fill="none" stroke="${dark}" stroke-width="20" stroke-linecap="round"/>
    <path d="M118 152h140v126c0 24-18 42-42 42h-56c-24 0-42-18-42-42z" fill="${main}"/>
    <path d="M226 152h32v126c0 24-18 42-42 42h-18c18-6 28-22 28-44z" fill="${dark}" opacity=".35"/>
    <ellipse cx="188" cy="152" rx="70" ry="16" fill="${dark}"/><ellipse cx="188" cy="155" rx="58" ry="10" fill="#5b3c28"/>
    <path d="M138 188v76" stroke="${light}" stroke-width="10" stroke-linecap="round"/>
    <path d="M168 116c-12-18 12-24 0-44M204 116c-12-18 12-24 0-44" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".75"/>`,
  bowl: ({ main, dark, light }: Paint) => `
    <path d="M90 206h220c0 62-42 102-84 108v6h-52v-6c-42-6-84-46-84-108z" fill="${main}"/>
    <path d="M266 206h44c0 62-42 102-84 108v6h-30c40-18 68-60 70-114z" fill="${dark}" opacity=".35"/>
    <ellipse cx="200" cy="206" rx="110" ry="28" fill="${dark}"/><ellipse cx="200" cy="211" rx="96" ry="20" fill="${light}"/>
    <path d="M112 250c50 22 126 22 176 0" fill="none" stroke="${light}" stroke-width="6" opacity=".8"/>`,
  plates: ({ main, dark, light }: Paint) => `
    <circle cx="176" cy="196" r="112" fill="${dark}"/><circle cx="172" cy="192" r="112" fill="${main}"/><circle cx="172" cy="192" r="78" fill="none" stroke="${dark}" stroke-width="4" opacity=".55"/><path d="M92 150c14-30 36-48 66-54" fill="none" stroke="${light}" stroke-width="9" stroke-linecap="round"/>
    ${[308, 290, 272].map((y) => `<path d="M158 ${y - 12}h180c-8 16-30 24-58 24h-64c-28 0-50-8-58-24z" fill="${dark}"/><ellipse cx="248" cy="${y - 12}" rx="90" ry="11" fill="${main}"/>`).join("")}
    <path d="M184 216h128c0 24-22 44-42 44h-44c-20 0-42-20-42-44z" fill="${main}"/><path d="M282 216h30c0 24-22 44-42 44h-20c18-10 30-26 32-44z" fill="${dark}" opacity=".5"/><ellipse cx="248" cy="216" rx="64" ry="13" fill="${dark}"/><ellipse cx="248" cy="218" rx="54" ry="8" fill="${light}"/>`,
  carafe: ({ main, dark, light, wood }: Paint) => `
    <rect x="70" y="300" width="260" height="20" rx="10" fill="${wood}"/>
    <path d="M124 96h52l-8 52c30 18 42 48 42 82 0 46-22 70-60 70s-60-24-60-70c0-34 12-64 42-82z" fill="${light}" opacity=".92"/>
    <path d="M96 214c34-12 74 12 112 0 4 56-18 86-58 86s-62-30-54-86z" fill="${main}"/>
    <path d="M176 110c44-6 54 54 24 76" fill="none" stroke="${dark}" stroke-width="12" stroke-linecap="round" opacity=".7"/>
    ${[238, 286].map((x) => `<path d="M${x} 232h42l-5 68h-32z" fill="${light}" opacity=".92"/><path d="M${x + 2} 258h38l-3 42h-32z" fill="${main}"/>`).join("")}`,
  pan: ({ main, dark, light }: Paint) => `
    <path d="M246 224l112-66c14-8 24 12 12 20l-108 74z" fill="${dark}"/><circle cx="354" cy="172" r="5" fill="${light}"/>
    <ellipse cx="168" cy="262" rx="118" ry="58" fill="${dark}"/><ellipse cx="168" cy="246" rx="118" ry="56" fill="${main}"/>
    <ellipse cx="168" cy="250" rx="96" ry="42" fill="${dark}"/>
    <path d="M140 252c-18-22 22-34 38-22 22-10 42 12 22 26-18 14-48 12-60-4z" fill="#fffaf0"/><circle cx="172" cy="244" r="13" fill="#e9aa35"/>`,
  casserole: ({ main, dark, light }: Paint) => `
    <path d="M76 226c-22 0-22 36 6 34M324 226c22 0 22 36-6 34" fill="none" stroke="${dark}" stroke-width="15" stroke-linecap="round"/>
    <path d="M82 210h236l-14 78c-4 20-18 32-40 32H136c-22 0-36-12-40-32z" fill="${main}"/>
    <path d="M278 210h40l-14 78c-4 20-18 32-40 32h-22c22-16 34-56 36-110z" fill="${dark}" opacity=".4"/>
    <ellipse cx="200" cy="210" rx="118" ry="28" fill="${dark}"/><ellipse cx="200" cy="214" rx="102" ry="20" fill="#e6b34c"/>
    <circle cx="160" cy="212" r="9" fill="#b5452f"/><circle cx="214" cy="220" r="8" fill="#b5452f"/><circle cx="250" cy="208" r="7" fill="#66803c"/><circle cx="188" cy="204" r="6" fill="#66803c"/>
    <path d="M108 258c60 16 124 16 184 0" fill="none" stroke="${light}" stroke-width="6" opacity=".6"/>`,
  board: ({ main, dark, light }: Paint) => `
    <g transform="rotate(-10 200 220)"><path d="M178 78h44c8 0 12 6 12 14v40h30c14 0 22 8 22 22v140c0 14-8 22-22 22H136c-14 0-22-8-22-22V154c0-14 8-22 22-22h30V92c0-8 4-14 12-14z" fill="${main}"/>
    <circle cx="200" cy="102" r="11" fill="${dark}"/><path d="M140 176c40-14 80 14 120 0M140 222c40-14 80 14 120 0M140 268c40-14 80 14 120 0" fill="none" stroke="${dark}" stroke-width="4" opacity=".55"/>
    <path d="M132 158v134" stroke="${light}" stroke-width="6" stroke-linecap="round" opacity=".7"/></g>`,
  knife: ({ main, dark, light }: Paint) => `
    <g transform="rotate(38 200 210)"><path d="M184 62c26 14 44 70 44 160h-44z" fill="#d5d9dc"/><path d="M184 62c10 40 12 100 12 160h-12z" fill="#aab1b6"/>
    <rect x="180" y="222" width="52" height="16" rx="4" fill="#8b9297"/><path d="M184 238h44l-4 104c0 14-36 14-38 0z" fill="${main}"/><path d="M212 238h16l-4 104c0 8-10 11-20 10 8-10 8-60 8-114z" fill="${dark}" opacity=".5"/>
    <g fill="${light}"><circle cx="205" cy="262" r="5"/><circle cx="205" cy="292" r="5"/><circle cx="205" cy="322" r="5"/></g></g>`,
  coffeepot: ({ main, dark, light, ink }: Paint) => `
    <path d="M254 160c58-4 62 34 56 84" fill="none" stroke="${ink}" stroke-width="18" stroke-linecap="round"/>
    <path d="M140 218h120l22 88c2 8-4 14-12 14H130c-8 0-14-6-12-14z" fill="${main}"/><path d="M142 206l-16-74-22-10 14-16h128l14 26-2 74z" fill="${main}"/>
    <path d="M222 218h38l22 88c2 8-4 14-12 14h-40zM214 106h32l14 26-2 74h-38z" fill="${dark}" opacity=".45"/>
    <rect x="134" y="200" width="132" height="22" rx="6" fill="${dark}"/><path d="M120 106l50-26h56l20 26z" fill="${light}"/><circle cx="196" cy="74" r="12" fill="${ink}"/>
    <path d="M152 238l-12 62" stroke="${light}" stroke-width="9" stroke-linecap="round"/>`,
  teapot: ({ main, dark, light, wood }: Paint) => `
    <path d="M128 158c6-100 138-100 144 0" fill="none" stroke="${wood}" stroke-width="12"/>
    <path d="M276 212c36-4 34-50 64-54l4 14c-22 10-18 84-68 92z" fill="${dark}"/>
    <path d="M200 158c58 0 92 34 92 84 0 46-30 78-60 78h-64c-30 0-60-32-60-78 0-50 34-84 92-84z" fill="${main}"/>
    <path d="M238 164c34 12 54 40 54 78 0 46-30 78-60 78h-18c42-30 58-104 24-156z" fill="${dark}" opacity=".35"/>
    <ellipse cx="200" cy="162" rx="52" ry="14" fill="${dark}"/><path d="M156 158c10-22 78-22 88 0z" fill="${light}"/><circle cx="200" cy="136" r="11" fill="${wood}"/>
    <path d="M134 216c-8 26-4 50 8 68" fill="none" stroke="${light}" stroke-width="9" stroke-linecap="round"/>`,
  apron: ({ main, dark, light }: Paint) => `
    <path d="M160 104c0-52 80-52 80 0" fill="none" stroke="${dark}" stroke-width="8"/><path d="M130 206L84 226M270 206l46 20" stroke="${dark}" stroke-width="8" stroke-linecap="round"/>
    <path d="M156 100h88c2 44 12 70 40 96v116c0 6-4 10-10 10H126c-6 0-10-4-10-10V196c28-26 38-52 40-96z" fill="${main}"/>
    <path d="M244 100c2 44 12 70 40 96v116c0 6-4 10-10 10h-34c16-60 10-140 4-222z" fill="${dark}" opacity=".28"/>
    <path d="M148 226h104v44c0 12-8 20-20 20h-64c-12 0-20-8-20-20z" fill="${dark}" opacity=".45"/><path d="M200 226v64" stroke="${light}" stroke-width="4" stroke-dasharray="7 6"/><path d="M148 232h104" stroke="${light}" stroke-width="4" stroke-dasharray="7 6"/>`,
  teatowel: ({ main, dark, light, wood }: Paint) => `
    <path d="M84 116h232" stroke="${wood}" stroke-width="14" stroke-linecap="round"/>
    <path d="M120 110h160v196l-16 12-16-12-16 12-16-12-16 12-16-12-16 12-16-12-16 12-16-12z" fill="#fbf6ea"/>
    <path d="M240 110h40v196l-16 12-16-12-8 6z" fill="${dark}" opacity=".16"/>
    <path d="M146 110v204M254 110v204" stroke="${main}" stroke-width="12"/><path d="M120 264h160" stroke="${main}" stroke-width="16"/><path d="M120 240h160" stroke="${light}" stroke-width="7"/>
    <path d="M120 110h160v22H120z" fill="${main}" opacity=".7"/>`,
  jar: ({ main, dark, light, wood }: Paint) => `
    <path d="M136 132h128c20 10 28 26 28 48v112c0 18-10 28-28 28H136c-18 0-28-10-28-28V180c0-22 8-38 28-48z" fill="${light}"/>
    <path d="M108 216h184v76c0 18-10 28-28 28H136c-18 0-28-10-28-28z" fill="#dcb16c"/><g fill="#b98443"><circle cx="140" cy="246" r="9"/><circle cx="176" cy="268" r="9"/><circle cx="214" cy="240" r="9"/><circle cx="252" cy="272" r="9"/><circle cx="222" cy="298" r="9"/><circle cx="146" cy="296" r="9"/></g>
    <path d="M136 132h128c20 10 28 26 28 48v112c0 18-10 28-28 28H136c-18 0-28-10-28-28V180c0-22 8-38 28-48z" fill="none" stroke="${main}" stroke-width="8"/>
    <rect x="130" y="88" width="140" height="46" rx="10" fill="${wood}"/><path d="M142 112h116" stroke="#8f6238" stroke-width="4" opacity=".6"/><rect x="124" y="128" width="152" height="12" rx="6" fill="${dark}"/><path d="M128 186v100" stroke="#fff" stroke-width="8" stroke-linecap="round" opacity=".8"/>`,
  cutlery: ({ main, dark, light }: Paint) => `
    <g fill="${main}"><path d="M118 92v64c0 18 8 28 20 32v118c0 20 26 20 26 0V188c12-4 20-14 20-32V92h-11v58h-11V92h-12v58h-11V92z"/>
    <path d="M212 96c24 10 30 60 22 112v98c0 20-26 20-26 0V96z"/><path d="M284 90c24 0 34 26 34 54 0 24-8 40-20 46v116c0 20-26 20-26 0V190c-12-6-20-22-20-46 0-28 8-54 32-54z"/></g>
    <path d="M150 200v106M221 220v88M286 200v106" stroke="${light}" stroke-width="5" stroke-linecap="round"/><ellipse cx="285" cy="140" rx="18" ry="32" fill="${dark}" opacity=".3"/>`,
}
