-- What a person sees in Neovim, whichever it is, that has read the recipe: marks, hover, references, an action, and that all of it goes with what
-- is typed. Run in a tree whose two instances share a data space: `nvim --headless -u RECIPE FILE -c 'luafile editors.lua'`.

local PATIENCE = 60000

local function fail(what)
  io.stderr:write('neovim: ' .. what .. '\n')
  vim.cmd('cquit 1')
end

local function marks()
  return vim.diagnostic.get(0)
end

local function await(what, is_so)
  if not vim.wait(PATIENCE, is_so, 20) then
    fail(what .. ', but ' .. vim.inspect(marks()))
  end
end

local function ask(method, more)
  local params = vim.lsp.util.make_position_params(0, 'utf-16')
  for key, value in pairs(more or {}) do
    params[key] = value
  end
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, PATIENCE) or {}) do
    if answer.result then
      return answer.result
    end
  end
  fail('no answer to ' .. method)
end

await('the fault is marked', function()
  return #marks() == 1 and marks()[1].code == 'shared-data-space'
end)
local mark = marks()[1]
if mark.lnum ~= 0 or mark.col ~= 47 or mark.end_col ~= 83 then
  fail('it is marked elsewhere: ' .. vim.inspect(mark))
end

vim.api.nvim_win_set_cursor(0, { 1, 60 })
local hover = ask('textDocument/hover').contents.value
if not hover:find('staging', 1, true) then
  fail('hover says ' .. hover)
end
if #ask('textDocument/references', { context = { includeDeclaration = true } }) ~= 2 then
  fail('the value stands in two files')
end

local actions = ask('textDocument/codeAction', {
  range = { start = { line = 0, character = 47 }, ['end'] = { line = 0, character = 83 } },
  context = { diagnostics = { mark.user_data.lsp } },
})
local accept
for _, action in ipairs(actions) do
  accept = accept or action.edit and action.title:lower():find('accept', 1, true) and action
end
if not accept then
  fail('no action accepts: ' .. vim.inspect(actions))
end

-- What is typed counts, before it is saved.
local line = vim.api.nvim_get_current_line()
vim.api.nvim_set_current_line((line:gsub('.$', '2')))
await('the fault is gone', function()
  return #marks() == 0
end)
vim.cmd('undo')
await('the fault is back', function()
  return #marks() == 1
end)

-- An edit of the server's is one that the editor can make.
vim.lsp.util.apply_workspace_edit(accept.edit, 'utf-16')
local written = {}
for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
  if vim.api.nvim_buf_get_name(buffer):find('commerce-lint.toml', 1, true) then
    written = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  end
end
local text = table.concat(written, '\n')
if not (text:find('shared-data-space', 1, true) and text:find('expires = 2', 1, true)) then
  fail('the waiver is not written: ' .. text)
end
io.stdout:write(string.format('neovim %s: %s; %d actions\n', tostring(vim.version().minor), mark.message:match('[^\n]*'), #actions))
vim.cmd('qall!')
