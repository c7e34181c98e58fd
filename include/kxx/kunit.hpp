/* SPDX-License-Identifier: GPL-2.0 */
/* kunit.hpp - KUnit for a module in a folder of its own: see kunit/kunit.hpp */
#pragma once

#include "../../kunit/kunit.hpp"
