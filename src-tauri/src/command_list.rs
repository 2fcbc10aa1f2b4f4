// The one list of commands. The build script makes the allow-list of it and `commands::handler` the dispatch;
// a test compares it with `capabilities/desk.json`. Included in both places, hence a macro.
macro_rules! every_command {
    ($then:ident) => {
        $then![
            start,
            set_up,
            open_demonstration,
            leave_demonstration,
            save_preferences,
            record,
            search_customers,
            customer_card,
            occupancy,
            recent_records,
            sync_chip,
            mypage,
            chart,
            mypage_engine,
            try_mypage_engine,
            save_mypage_engine,
            export_histories,
            export_customers,
            preview_import,
            run_import,
            back_up,
            restore,
            cancel_job,
            sync_view,
            quarantine,
            retry_sync,
            connection,
            try_connection,
            save_connection,
            pick_pem,
            pairing,
            save_pairing,
            open_pairing,
            read_pairing,
            accept_pairing,
            join,
            reclaim,
            gateway,
            save_gateway
        ]
    };
}
