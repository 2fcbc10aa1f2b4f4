import { type Chapter, enter, NO_ONE, ROOF } from '../chapter';

export const files: Chapter = {
  name: 'files are exported, backed up and imported',
  play: async (desk) => {
    await desk.ask('an export of names for no reason', 'exportHistories', {});
    await desk.work('export of all histories', 'exportHistories', { masked: true });
    await desk.work('export of one', 'exportHistories', {
      customerId: desk.customer('김민수'),
      reason: 'customer_request',
    });
    await desk.ask('an export of customers for no reason', 'exportCustomers', {});
    const exported = await desk.work('export of customers', 'exportCustomers', { reason: 'audit' });
    await desk.ask('its folder', 'showFolder', { folder: 'written', jobId: exported?.jobId ?? '' });
    await desk.work('backup', 'backUp', null);
    await desk.work('locked backup', 'backUp', '한빛역 12');
    await desk.ask('an import that is gone', 'runImport', NO_ONE);
    await desk.ask('a job that is gone', 'cancelJob', NO_ONE);
    await desk.ask('the folder of a job that is gone', 'showFolder', { folder: 'written', jobId: NO_ONE });
    await desk.ask('the folder of the backup', 'showFolder', { folder: 'backup' });
    await desk.ask('settings are typed', 'noteUnsaved', true);
    await desk.ask('the window stays open', 'chooseClosing', 'stay');
    await desk.ask('settings are saved', 'noteUnsaved', false);
    await desk.work('diagnostics', 'saveDiagnostics');
    const preview = await desk.ask('preview', 'previewImport');
    const revised = { previewId: preview?.previewId ?? '', choices: {} };
    const again = await desk.ask('preview again', 'reviseImport', revised);
    await desk.ask('a preview that was revised', 'reviseImport', revised);
    await desk.work('bad lines', 'saveBadLines', again?.previewId ?? '');
    await desk.ask('an import to take back that is gone', 'takeBackImport', NO_ONE);
    await desk.work('import', 'runImport', again?.previewId ?? '');
    await desk.ask('imports', 'imports');
    await desk.ask('import again', 'runImport', again?.previewId ?? '');
    // Both have the same time of registration, which leaves their order in lists open. A check-in fixes it.
    const found = await desk.ask('the imported one is found', 'searchCustomers', {
      text: '선우진',
      limit: 1,
    });
    desk.customers.set('선우진', found?.hits[0]?.customer.customerId ?? '');
    await enter(desk, '선우진', ROOF);
  },
};

export const events: Chapter = {
  name: 'changes are announced to the screens',
  play: async (desk) => {
    const customerId = desk.customer('선우진');
    const card = await desk.backend.customerCard(customerId);
    await desk.changed(customerId);
    await desk.record('check out', { type: 'checkOut', visitId: card.inside?.visitId ?? '' });
    await desk.changed(customerId);
    await desk.record('pay', { type: 'pay', customerId, points: 1 });
    await desk.changed(customerId);
    await desk.record('pay too much', { type: 'pay', customerId, points: 1_000 });
  },
};
