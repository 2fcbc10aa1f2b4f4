//! `nosmoke serve`: runs a terminal with its gateway until it is stopped.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::clock_check;
use nosmoke_application::commands::{Membership, Unattended};
use nosmoke_application::csv::read_limited;
use nosmoke_application::permission::Caller;
use nosmoke_composition::{
    Environment, FolderOptions, MypageServer, OpenFolder, Purpose, forget_gateway, gateway_socket, machine_folder,
    make_facility_file, note_gateway_address, read_facility_file,
};
use nosmoke_gateway::{Limits, Listeners, Served, bind};
use nosmoke_ports::contract::{AppError, BackupSchedule, ClockDoubt, ErrorCode, Request, SaveTerminal, TracingSetting};
use nosmoke_replication::joining::pairing::{self, Carried, Offer};
use serde_json::json;
use uuid::Uuid;

use crate::args::{ScheduleArgs, ServeArgs};
use crate::error::{Answer, Failed, note, say};
use crate::signals::stop_signal;
use crate::texts::{Both, both};

/// Opens the folder, serves requests until a signal to stop, and closes the folder.
pub async fn serve(environment: Environment, args: ServeArgs, as_json: bool) -> Result<Answer, Failed> {
    // Registered before the folder is opened, so that a signal is noticed even if opening takes long.
    let stop_signal = stop_signal()?;
    if !args.listen.ip().is_loopback() {
        return Err(Failed::Usage(both(
            "--listen에는 127.0.0.1이나 [::1]만 쓸 수 있습니다.",
            "the address of --listen isn't a loopback address: use 127.0.0.1 or [::1]",
        )));
    }
    let mut open = open(&environment, &args).await?;
    let running = match answer(&args, &open).await {
        Ok(running) => running,
        Err(failed) => {
            open.close().await;
            return Err(failed);
        }
    };
    let address = format!("http://{}", running.address);
    if as_json {
        say(json!({ "address": address }))?
    } else {
        say(&address)?
    }
    stop_signal.await;
    let address_cleared = forget_gateway(open.folder());
    tokio::join!(running.stop(), open.end_replication());
    open.close().await;
    address_cleared?;
    // The address was the answer.
    Ok(Answer::with_text(serde_json::Value::Null, String::new()))
}

/// Starts the gateway. The token is written before the port is bound, so that a client that can connect finds the
/// token.
async fn answer(args: &ServeArgs, open: &OpenFolder) -> Result<nosmoke_gateway::RunningGateway, Failed> {
    open.tokens().owner_secret()?;
    let listener = bind(args.listen).await.map_err(|error| Failed::Other(error.to_string()))?;
    let address = listener.local_addr()?;
    let listeners = Listeners::with_socket(listener, &gateway_socket(open.folder()));
    note_gateway_address(open.folder(), address)?;
    Ok(nosmoke_gateway::serve(
        listeners,
        Served::new(open.terminal().clone(), open.tokens().clone(), Limits::default()),
    )?)
}

async fn open(environment: &Environment, args: &ServeArgs) -> Result<OpenFolder, Failed> {
    let connection = args.cluster.change()?;
    // Read before the folder is opened, so that a wrong file changes nothing.
    let offered = args.facility_key.as_deref().map(read_facility_file).transpose()?.flatten();
    let mypage = args.mypage_url.as_deref().filter(|url| !url.is_empty());
    let mypage = mypage.map(MypageServer::from_url).transpose().map_err(AppError::from)?;
    let folder = args.folder.data_dir.clone();
    let options = FolderOptions {
        folder,
        purpose: Purpose::Record { marks: machine_folder() },
        replicates: true,
        connection,
        mypage,
    };
    let mut open = OpenFolder::open(environment.clone(), options, Arc::new(())).await?;
    let begun = async {
        if open.is_set_up().await? {
            if let Some(path) = &args.facility_key {
                offer_key(&mut open, path, offered).await?;
            }
            if let Some(name) = &args.terminal_name {
                rename(&open, name).await?;
            }
        } else {
            let membership =
                args.facility_key.as_deref().map(|path| membership(environment, path, offered)).transpose()?;
            open.set_up_unattended(Unattended { terminal_name: args.terminal_name.clone(), membership }).await?;
        }
        let is_connected = !open.connection().await?.servers.is_empty();
        if is_connected && args.facility_key.is_none() && !open.terminal().queries.knows_others().await? {
            note(HEARS_NOBODY);
        }
        if args.clock_is_right {
            clock_check::confirm(&open.terminal().core).await;
        }
        if let Some(question) = clock_check::question(&open.terminal().core).await {
            note(doubted_clock(question.doubt));
        }
        if args.otlp.is_some() || args.zipkin.is_some() {
            let kept = open.tracing().setting;
            let setting =
                TracingSetting { otlp: args.otlp.clone().or(kept.otlp), zipkin: args.zipkin.clone().or(kept.zipkin) };
            open.save_tracing(&setting).await?;
        }
        schedule_backups(&open, &args.schedule).await?;
        Ok::<_, AppError>(())
    };
    match begun.await {
        Ok(()) => Ok(open),
        Err(error) => {
            open.close().await;
            Err(error.into())
        }
    }
}

/// Saves what the options say of the scheduled backups.
async fn schedule_backups(open: &OpenFolder, args: &ScheduleArgs) -> Result<(), AppError> {
    if let Some(folder) = &args.backup_into {
        // The same folder again isn't marked again: where its disk is missing, an empty mount point would be.
        let chosen = std::path::absolute(folder).ok().map(|path| path.display().to_string());
        let kept = open.backup_schedule().await?;
        if kept.folder.is_none() || kept.folder != chosen || !kept.schedule.enabled {
            open.choose_backup_folder(folder).await?;
        }
    }
    if let Some(path) = &args.backup_passphrase_file {
        let text = String::from_utf8(read_limited(path)?);
        let text = text.map_err(|_| AppError::with(ErrorCode::InvalidText, json!({ "field": "passphrase" })))?;
        open.keep_backup_passphrase(&text)?;
    }
    let kept = open.backup_schedule().await?.schedule;
    let wanted = BackupSchedule {
        enabled: kept.enabled && !args.no_backups,
        hour: args.backup_hour.unwrap_or(kept.hour),
        keep: args.backup_keep.unwrap_or(kept.keep),
    };
    if wanted != kept {
        open.save_backup_schedule(wanted).await?;
    }
    Ok(())
}

const HEARS_NOBODY: Both = both(
    "이 시설의 다른 단말을 모릅니다. 이 단말은 아무 단말의 기록도 받지 못하고, 다른 단말도 이 단말의 기록을 받지 못합니다. 단말을 여럿 \
     쓰려면 첫 단말을 새 --data-dir와 --facility-key FILE로 시작하고(FILE이 만들어집니다), 다른 단말은 저마다 새 --data-dir와 그 \
     FILE로 시작하세요. FILE의 내용은 창이 있는 단말의 설정 › 단말 연결에서 볼 수 있습니다.",
    "no other terminal of this facility is known: this terminal hears nobody, and nobody hears it. For several terminals, \
     start the first with a new --data-dir and --facility-key FILE, which makes FILE, and each other one with a new \
     --data-dir and that FILE. A terminal with a window shows the content of FILE in Settings, Pairing (설정, 단말 연결)",
);

const fn doubted_clock(doubt: ClockDoubt) -> Both {
    match doubt {
        ClockDoubt::Behind => both(
            "이 PC의 시계가 이 단말의 가장 새 기록보다 앞 시각입니다. 시계가 틀리면 흡연 금지와 포인트 만료가 잘못 판정됩니다. 시계를 맞추거나, \
             맞다면 --clock-is-right로 시작하세요.",
            "this computer's clock is before this terminal's newest fact. With a wrong clock, bans and expiring points are judged \
             wrongly: set the clock, or, if it is right, start with --clock-is-right",
        ),
        ClockDoubt::LongAfter => both(
            "이 PC의 시계가 이 단말의 가장 새 기록보다 60일 넘게 뒤입니다. 시계가 틀리면 흡연 금지와 포인트 만료가 잘못 판정됩니다. 시계를 \
             맞추거나, 맞다면 --clock-is-right로 시작하세요.",
            "this computer's clock is over 60 days after this terminal's newest fact. With a wrong clock, bans and expiring points \
             are judged wrongly: set the clock, or, if it is right, start with --clock-is-right",
        ),
    }
}

const NEW_KEY: Both = both(
    "되살린 데이터 폴더에 시설 열쇠가 없어 새 열쇠를 만들었습니다. 다른 단말은 이 파일의 코드를 적어야 이 단말과 기록을 주고받습니다.",
    "the restored data folder had no facility key, so a new one was made: other terminals exchange with this one once they have \
     the code in this file",
);

/// Returns the facility that an empty folder is to belong to: that of the file. If there is no file, this terminal
/// founds a facility and makes the file, unless another one does so at the same moment.
fn membership(environment: &Environment, path: &Path, offered: Option<Carried>) -> Result<Membership, AppError> {
    if let Some(carried) = offered {
        return Ok(Membership::joining(carried));
    }
    let founding = Membership::founding(&*environment.ids);
    let carried = Carried { facility_id: founding.facility_id, key: founding.key.clone(), connection: None };
    if make_facility_file(path, &pairing::write_code(&carried))? {
        return Ok(founding);
    }
    Ok(read_facility_file(path)?.map_or(founding, Membership::joining))
}

/// Offers the file's key to a folder that is set up, or makes the file from the folder's key if there is none.
async fn offer_key(open: &mut OpenFolder, path: &Path, offered: Option<Carried>) -> Result<(), AppError> {
    let offered = match offered {
        Some(carried) => Some(carried),
        None => {
            let code = match pairing::pairing(&*open.terminal().core.journal).await {
                Err(error) if error.code == ErrorCode::NoFacilityKey => {
                    // Restored on another PC, and there is no other terminal's code.
                    open.renew_key().await?;
                    note(NEW_KEY);
                    pairing::pairing(&*open.terminal().core.journal).await?.code
                }
                pairing => pairing?.code,
            };
            if make_facility_file(path, &code)? { None } else { read_facility_file(path)? }
        }
    };
    let Some(carried) = offered else { return Ok(()) };
    if open.offer_key(carried).await? == Offer::Outdated {
        note(both(
            "--facility-key: 파일의 키는 이 시설의 예전 키입니다. 데이터 폴더는 더 새로운 키를 그대로 씁니다.",
            "--facility-key: the file has an earlier key of this facility; the data folder keeps its newer one",
        ));
    }
    Ok(())
}

async fn rename(open: &OpenFolder, name: &str) -> Result<(), AppError> {
    let terminal = open.terminal();
    if terminal.queries.terminal_name().await?.is_some_and(|shown| shown == name) {
        return Ok(());
    }
    let command = SaveTerminal { name: name.to_owned() }.into();
    let request = Request { idempotency_key: Uuid::new_v4().to_string(), command };
    terminal.commands.run(Caller::OWNER, request).await.map(|_| ())
}
