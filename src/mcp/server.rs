//! The server: what the protocol asks, handed to a free engine.

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    ContentBlock, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ResourceContents, ServerCapabilities,
    ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

use super::answer::{Answer, MOST};
use super::arguments::Arguments;
use super::desk::{Desk, Setup};
use super::refusal::Refusal;
use super::tools::{self, TOOLS, Tool};
use super::{complete, prompts, resources};
use crate::engine::{Engine, Facet, Filters, LocalEngine, TimelineRequest};
use crate::number::number_of;
use crate::pool::{Pool, PoolError};

/// How long clients may keep what never changes while the server runs, in milliseconds.
const HOUR: u64 = 3_600_000;

/// A server over an index, for as many clients as there are clones of it.
#[derive(Debug, Clone)]
pub struct Server {
    pool: Pool,
    setup: Arc<Setup>,
    instructions: Arc<str>,
}

impl Server {
    /// A server whose questions these engines answer. Blocks until one has told the size of the archive.
    ///
    /// # Errors
    ///
    /// Fails where the index cannot be opened.
    pub fn new(pool: Pool, setup: impl Into<Arc<Setup>>) -> Result<Self, PoolError> {
        let setup = setup.into();
        let asked = setup.clone();
        let size = pool.ask_and_wait(move |engine| size(engine, &asked))?;
        Ok(Self::of_size(pool, setup, &size))
    }

    /// As [`Server::new`], without blocking.
    ///
    /// # Errors
    ///
    /// As [`Server::new`].
    pub async fn start(pool: Pool, setup: impl Into<Arc<Setup>>) -> Result<Self, PoolError> {
        let setup = setup.into();
        let asked = setup.clone();
        let size = pool.ask(move |engine| size(engine, &asked)).await?;
        Ok(Self::of_size(pool, setup, &size))
    }

    fn of_size(pool: Pool, setup: Arc<Setup>, size: &str) -> Self {
        let instructions = include_str!("texts/instructions.txt").replace("{SIZE}", size).into();
        Self { pool, setup, instructions }
    }

    /// Puts a question to a free engine.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Desk<'_, '_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let setup = self.setup.clone();
        self.pool.ask(move |engine| question(&mut Desk::new(engine, &setup))).await
    }

    fn result(&self, tool: &Tool, answer: &Answer) -> CallToolResult {
        let text = answer.to_text();
        if text.chars().count() > MOST {
            return refused(Refusal::new("The answer is too long: ask for less with limit, or narrow the question."));
        }
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        if !self.setup.text_only {
            result.structured_content = Some(answer.to_json());
        }
        let mut meta = MetaObject::new();
        if tool.name == "read" {
            meta.0.insert("anthropic/maxResultSizeChars".to_owned(), MOST.into());
        }
        result.with_meta((!meta.0.is_empty()).then_some(meta))
    }
}

/// `1,482 stories (1,530 articles), published 2019-03 to 2026-02.`
fn size(engine: &mut LocalEngine<'_>, setup: &Setup) -> Result<String, PoolError> {
    let request = TimelineRequest {
        query: String::new(),
        filters: Filters::default(),
        by: None,
        per: Facet::Month,
        limit: 0,
        below: None,
        all_copies: false,
        now: (setup.now)(),
    };
    let found = engine.timeline(&request)?;
    let span = found.periods.first().zip(found.periods.last());
    let span = span.map(|(first, last)| format!(", published {first} to {last}")).unwrap_or_default();
    Ok(format!("{} ({}){span}.", number_of(found.total, "story"), number_of(found.copies, "article")))
}

fn refused(refusal: Refusal) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(refusal.0)])
}

fn failed(refusal: Refusal) -> ErrorData {
    ErrorData::internal_error(refusal.0, None)
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().enable_completions();
        let info = Implementation::new("despatch", env!("CARGO_PKG_VERSION")).with_title("Despatch");
        ServerConfig::new(can.build()).with_server_info(info).with_instructions(self.instructions.as_ref())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = TOOLS.iter().map(|tool| tool.definition(self.setup.text_only)).collect();
        Ok(ListToolsResult::with_all_items(tools).with_ttl_ms(HOUR).with_cache_scope(CacheScope::Private))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::named(&request.name) else {
            let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
            return Err(ErrorData::invalid_params(
                format!("there is no such tool; there are {}", names.join(", ")),
                None,
            ));
        };
        let arguments = match Arguments::new(tool, request.arguments) {
            Ok(arguments) => arguments,
            Err(refusal) => return Ok(refused(refusal).into()),
        };
        let answer = self.ask(move |desk| (tool.run)(desk, arguments)).await;
        Ok(answer.map_or_else(refused, |answer| self.result(tool, &answer)).into())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let list = self.ask(|desk| Ok(resources::list(desk.setup))).await.map_err(failed)?;
        Ok(ListResourcesResult::with_all_items(list).with_ttl_ms(0).with_cache_scope(CacheScope::Private))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let list = ListResourceTemplatesResult::with_all_items(resources::templates());
        Ok(list.with_ttl_ms(HOUR).with_cache_scope(CacheScope::Private))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        let asked = uri.clone();
        let missing = |message: String| ErrorData::resource_not_found(message, None);
        let found = self.ask(move |desk| resources::read(desk, &asked)).await;
        let text = found.map_err(|refusal| missing(refusal.0))?;
        let text = text.ok_or_else(|| missing("there is no such resource".to_owned()))?;
        let contents = ReadResourceResult::new(vec![ResourceContents::text(text, uri)]);
        Ok(contents.with_ttl_ms(0).with_cache_scope(CacheScope::Private).into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::list()).with_ttl_ms(HOUR).with_cache_scope(CacheScope::Private))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Ok(prompts::get(&request.name, request.arguments.as_ref())?.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let CompleteRequestParams { r#ref: of, argument, .. } = request;
        let asked = move |desk: &mut Desk<'_, '_>| complete::complete(desk, &of, &argument.name, &argument.value);
        Ok(CompleteResult::new(self.ask(asked).await.map_err(failed)?))
    }
}
