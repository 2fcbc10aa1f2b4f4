/** The path that each file dialog of the mock returns. */
export const PICKED = {
  histories: '/home/desk/흡연구역-이력.csv',
  customers: '/home/desk/흡연구역-고객.csv',
  accessLog: '/home/desk/흡연구역-접속기록.csv',
  whoDidWhat: '/home/desk/흡연구역-한일.csv',
  day: '/home/desk/흡연구역-하루.csv',
  period: '/home/desk/흡연구역-보고서.csv',
  badLines: '/home/desk/nosmoke-not-imported.csv',
  backup: '/home/desk/한빛역.nosmoke',
  pem: '/home/desk/ca.pem',
  diagnostics: '/home/desk/nosmoke-diagnostics.zip',
  pairing: '/home/desk/한빛역.nosmoke-code',
};
