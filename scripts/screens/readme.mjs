/** The pictures of the README in docs/images, each with the scene that it shows, in the first of the sizes. */
export const README_PICTURES = {
  desk: 'desk-allowed',
  prohibited: 'desk-banned',
  mypage: 'mypage',
  setup: 'set-up',
  plan: 'plan',
  period: 'period',
  sync: 'sync-calm',
  services: 'services',
  traces: 'traces',
};

/** The size of window in which they are taken. */
export const README_SIZE = { width: 1280, height: 800, zoom: 100 };
