import type { GatewayView } from '../types';
import type { World } from './world';

export const gatewayView = ({ gateway }: World): GatewayView => ({
  setting: gateway,
  address: gateway.enabled ? `http://127.0.0.1:${gateway.port}` : null,
  tokenFile: '/home/desk/.local/share/app.nosmoke.desk/gateway.token',
  problem: null,
});
