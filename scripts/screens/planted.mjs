import { findFaults } from './layout.mjs';

/** A fault to plant into a page, of the kind under which it must be found. */
const PLANTED = [
  ['cut', '<p style="width: 60px; overflow: hidden; white-space: nowrap">planted text</p>'],
  ['cut', '<p style="width: 60px; height: 12px; overflow: hidden">planted lines of text</p>'],
  ['cut', '<div style="width: 40px"><p style="width: 40px; white-space: nowrap">planted text</p></div>'],
  ['cut', '<input placeholder="planted placeholder" style="width: 50px">'],
  [
    'shortened',
    '<p title="planted" style="width: 60px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">planted text</p>',
  ],
  ['cut', '<p style="width: 60px; overflow-wrap: anywhere">planted 1,234,567,890</p>'],
  [
    'squeezed',
    '<div style="height: 20px; overflow: auto"><div role="listitem" style="height: 40px">planted</div></div>',
  ],
  ['squeezed', '<p style="width: 8px; overflow-wrap: anywhere">planted</p>'],
  [
    'clipped',
    '<div style="width: 50px; overflow: hidden"><button style="width: 90px">planted</button></div>',
  ],
  ['sideways', '<div style="width: 50px; overflow: auto"><p style="width: 90px">planted</p></div>'],
  [
    'overlapping',
    '<p style="position: fixed; left: 9px; top: 9px">planted</p><button style="position: fixed; left: 12px; top: 12px">planted</button>',
  ],
  [
    'overlapping',
    '<p style="position: fixed; left: 9px; top: 9px">planted</p><div style="position: fixed; inset: 0; z-index: 1"></div>',
  ],
  ['clipped', '<button style="position: fixed; left: -80px; top: 9px; width: 60px">planted</button>'],
];

function plant(html) {
  const bed = document.createElement('div');
  bed.id = 'planted';
  bed.innerHTML = html;
  document.body.append(bed);
}

/** Plants each kind of fault into the page, and returns those that the check doesn't find. */
export async function findMissed(browser) {
  const missed = [];
  for (const [kind, html] of PLANTED) {
    await browser.execute(plant, html);
    const found = await browser.execute(findFaults);
    await browser.execute(() => document.querySelector('#planted').remove());
    if (!found[kind].some((what) => what.includes('planted'))) missed.push(`${kind}: ${html}`);
  }
  return missed;
}
